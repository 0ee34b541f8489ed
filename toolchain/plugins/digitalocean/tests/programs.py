"""Programs of the deployment tests."""

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPoFNLrvNVrR4hKvJ0nBCDVKqEHXlKEpA9pHYDfVWkkB rig@example"

WHOLE = f'''
key = do.SshKey("key", name="rig-key", public_key="{KEY}")
vpc = do.Vpc("vpc", name="rig-vpc", region="fra1", ip_range="10.20.0.0/24", description="private")
tag = do.Tag("tag", name="slipway")
web = do.Droplet(
    "web",
    name="rig-web",
    image="debian-13-x64",
    region="fra1",
    size="s-1vcpu-1gb",
    vpc_uuid=vpc.id,
    ssh_keys=[key.id],
    monitoring=True,
    tags=[tag.name, "Web"],
    user_data=pulumi.Output.secret("#cloud-config # planted-in-user-data"),
)
disk = do.Volume("disk", name="rig-disk", region="fra1", size=10, initial_filesystem_type="ext4", description="data",
                 tags=["slipway"])
at = do.VolumeAttachment("at", droplet_id=web.id.apply(int), volume_id=disk.id)
address = do.ReservedIp("address", region="fra1")
pointing = do.ReservedIpAssignment("pointing", ip_address=address.ip_address, droplet_id=web.id.apply(int))
wall = do.Firewall(
    "wall",
    name="rig-wall",
    droplet_ids=[web.id.apply(int)],
    inbound_rules=[
        {{"protocol": "tcp", "port_range": "80", "source_addresses": ["0.0.0.0/0", "::/0"]}},
        {{"protocol": "tcp", "port_range": "443", "source_addresses": ["::/0", "0.0.0.0/0"]}},
        {{"protocol": "tcp", "port_range": "22", "source_addresses": ["198.51.100.0/24"], "source_tags": [tag.name]}},
        {{"protocol": "icmp", "source_addresses": ["0.0.0.0/0"]}},
    ],
    outbound_rules=[
        {{"protocol": "tcp", "port_range": "all", "destination_addresses": ["0.0.0.0/0", "::/0"]}},
        {{"protocol": "udp", "port_range": "1-65535", "destination_addresses": ["0.0.0.0/0", "::/0"]}},
    ],
)
zone = do.Domain("zone", name="example.test")
apex = do.DnsRecord("apex", domain=zone.name, type="A", name="@", value=address.ip_address, ttl=300)
www = do.DnsRecord("www", domain=zone.name, type="CNAME", name="www", value="example.test.")
mail = do.DnsRecord("mail", domain=zone.name, type="MX", name="@", value="mail.example.test.", priority=10)
text = do.DnsRecord("text", domain=zone.name, type="TXT", name="note", value="v=spf1 -all")
srv = do.DnsRecord("srv", domain=zone.name, type="SRV", name="_sip._tcp", value="sip.example.test.", priority=5,
                   port=5060, weight=1)
caa = do.DnsRecord("caa", domain=zone.name, type="CAA", name="@", value="letsencrypt.org.", flags=0, tag="issue")
project = do.Project("project", name="rig", description="test rig", purpose="Service or API", environment="Staging",
                     resources=[web.droplet_urn, zone.domain_urn])
folder = do.Project("folder", name="rig-folder")
more = do.ProjectResources("more", project=folder.id, resources=[disk.volume_urn])
pulumi.export("ip", web.ipv4_address)
pulumi.export("fqdn", www.fqdn)
pulumi.export("address", address.ip_address)
'''
