"""The people of a small harbour, and what is on their minds."""

from dataclasses import dataclass

DOMAIN = "harbour.example"  # reserved: no mail to it can ever arrive


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    name: str
    bio: str
    boat: str
    is_staff: bool = False
    is_verified: bool = True
    is_active: bool = True

    @property
    def email(self) -> str:
        """Return the address."""
        return f"{self.name.lower().replace(' ', '.').replace('é', 'e').replace('ø', 'o').replace('ł', 'l')}@{DOMAIN}"


PEOPLE = (
    Person("Ines Carvalho", "Harbour master. Ask me about berths, or bring coffee.", "Gaivota", is_staff=True),
    Person("Tom Ellery", "Rigger. If it creaks, I have probably met it.", "Second Wind", is_staff=True),
    Person("Maren Holt", "Sails the long way round.", "Skarv"),
    Person("Jonas Bergmann", "Two children, one boat, no free weekends.", "Lotte"),
    Person("Aoife Brennan", "Skipper of the rowing club's coach boat.", "Merrow"),
    Person("Luc Fontaine", "Restores wooden hulls. Slowly.", "Bel Ami"),
    Person("Priya Raman", "Learning to sail, documenting every mistake.", "Kingfisher"),
    Person("Oskar Lindqvist", "Retired pilot; now only the tide tells me when.", "Ebb"),
    Person("Hannah Whitcombe", "Keeps the lighthouse and, in winter, the library.", "Petrel"),
    Person("Mateo Ruiz", "Marine electrician. Nothing is ever just a fuse.", "Relámpago"),
    Person("Sigrid Aune", "", "Tern"),
    Person("Callum Reid", "Lobster, mostly.", "Morag"),
    Person("Yuki Tanabe", "Paints harbours. Some of them know.", "Kamome"),
    Person("Beatrix de Vries", "Treasurer of the club. Yes, it is due.", "Waterlelie"),
    Person("Daniel Osei", "Weather first, plans second.", "Harmattan"),
    Person("Freya Nolan", "", "Curlew", is_verified=False),
    Person("Piotr Zielinski", "Builds masts and birdhouses.", "Bocian"),
    Person("Greta Hollis", "Organises the spring crossing. Lists are love.", "Samphire"),
    Person("Samir Haddad", "Night watches by choice.", "Zephyr"),
    Person("Elin Strand", "", "Alke", is_verified=False),
    Person("Victor Lange", "Sold the boat, kept the knots.", "Adieu", is_active=False),
    Person("Rosa Marchetti", "Cooks for twelve on two burners.", "Cormorano"),
    Person("Noah Pryce", "Surveyor. I will look under the floorboards.", "Plumb Line"),
    Person("Thea Mikkelsen", "Teaches knots to anybody under ten.", "Lyng"),
)

# What one does to a boat, and the words that go with it; {boat} is the owner's.
CHORES = (
    ("Antifouling for {boat}", "Two coats below the waterline, three at the leading edges. Book the hoist first."),
    ("New halyard for {boat}", "10 mm, 32 m, with a spliced eye. The old one is stiff where it meets the sheave."),
    ("Survey of {boat}", "Out of the water, bilges dry and boards lifted. The insurer wants it by the end of May."),
    ("Engine service, {boat}", "Oil, both filters, impeller. Note the hours and keep the old belt as a spare."),
    ("Berth for the winter", "Prefer the north quay, out of the swell. Shore power would be good, water need not be."),
    ("Life jackets to check", "Weigh the cylinders, look at the dates, and try every buckle with cold hands."),
    ("Leak at the forehatch", "Only in heavy rain from the west. Try the seal before taking the frame out."),
    ("Flares out of date", "Take them to the harbour office; they collect on the first Saturday of the month."),
    ("Crew for Saturday", "Start at ten, back with the tide. Two more would make it easy, one would make it possible."),
    ("Charts for the islands", "The large sheet and both harbour plans. Check the corrections before folding."),
    ("Sail repair, {boat}", "A hand's width along the leech of the genoa. Tape holds for now, but not for a season."),
    ("Batteries of {boat}", "Charged overnight and down to 12.1 V by noon. Measure each cell before buying."),
    (
        "Borrowed: the long ladder",
        "From the boat shed, until Sunday. Put it back behind the oars, not in front of them.",
    ),
    ("Mooring lines", "Chafed at the fairlead. Four times 12 m, 18 mm, and leather for where they bend."),
    ("Anchor chain, {boat}", "Mark it every ten metres, and look at the shackle with a mirror."),
    ("Autopilot wanders", "Fine to windward, lost downwind. Compass too near the speaker, perhaps."),
    ("Varnish", "Six coats on the coaming, sanded between. Nobody may breathe near it until Thursday."),
    ("Slip for one night", "Friends arrive on Friday, 9.5 m, draught 1.6 m. They bring cheese."),
    ("Weather window", "Three days of north-west after Tuesday. Leave before the turn, sleep in shifts."),
    ("Key to the workshop", "Returned to the board. The lock sticks; lift the handle while turning."),
    ("Tender of {boat}", "Holds air for about an hour. The patch kit is in the blue box, the patience is not."),
    ("Stove", "The left burner soots. Clean the jet with a bristle, never with wire."),
    ("Log of {boat}", "41 miles, wind 4 to 5, one porpoise. Reefed at the point and glad of it."),
    ("Firewood for the sauna", "Half a cubic metre left. Whoever burns the last basket orders the next."),
)

DEVICES = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile "
    "Safari/537.36",
)
# Reserved for documentation: nobody has these addresses.
NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
FLAGS = (
    ("new_item_editor", True, "The editor with undo; off brings the plain form back."),
    ("google_sign_in", False, "Shows the button; the provider must be configured too."),
    ("weekly_digest", False, "A mail on Monday with what is new."),
)
