# First process of a droplet's container: puts the droplet's own disk in place of the image, then becomes its init.
# /mnt is the disk. The host writes to /mnt/ready once network, firewall and volumes are there.
set -eu
read -r init_arguments < /mnt/ready
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mount -o remount,rw /sys/fs/cgroup
else
  for controller in /sys/fs/cgroup/*/; do mount -o remount,rw,bind "$controller"; done
fi
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
cd /mnt/root
# Nested overlays need a plain file system below them.
for path in var/lib/docker var/lib/containerd var/lib/containers; do
  mkdir -p "/mnt/plain/$path" "$path"
  mount --bind "/mnt/plain/$path" "$path"
done
for path in dev proc sys; do mount --rbind "/$path" "$path"; done
pivot_root . mnt
umount -l /mnt
exec /sbin/init $init_arguments
