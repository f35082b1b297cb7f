"""What people in the demo write in English, in the words of the project's glossary."""

from cps.console.demonstration.wording.phrasebook import Phrasebook

ENGLISH = Phrasebook(
    reports={
        "pothole": (
            "There is a deep pothole. Motorbikes swerve around it.",
            "The road has sunk over about {n} metres.",
            "A manhole cover is broken and stands open at one corner.",
            "The road was dug up and not levelled again.",
            "The road sign at the crossing hangs crooked.",
        ),
        "street-light": (
            "The street lamp has been dark for {n} nights.",
            "The lamp flickers all evening.",
            "A whole row of {n} lamps is dark. It does not feel safe to walk here.",
            "The street lamps are on all day.",
            "A car hit the lamp post and it leans over the road.",
        ),
        "garbage": (
            "The garbage has not been collected for {n} days and it smells.",
            "The public bin has been overflowing since yesterday morning.",
            "The garbage truck does not come into our lane.",
            "After the market, garbage is left on both sides of the road.",
        ),
        "dumping": (
            "Somebody dumped building rubble on the empty plot at night.",
            "An old mattress and chairs have been on the sidewalk for {n} days.",
            "People throw household waste into the canal.",
        ),
        "drains": (
            "Every rain floods the street. The water is about {n} cm deep.",
            "The drain is blocked with leaves and bags.",
            "The lane has been under water since last night.",
            "The cover of the drain is broken. A child could step in.",
        ),
        "trees": (
            "A large branch has fallen and blocks half of the road.",
            "The tree leans since the storm and may fall on a house.",
            "The branches touch the power line.",
            "A bench in the park is broken.",
        ),
        "water": (
            "We have had no water for {n} days and no notice.",
            "The tap water is cloudy and smells since yesterday.",
            "A water pipe has burst and the water runs over the road.",
        ),
        "sewage": (
            "Waste water comes up in the lane.",
            "The sewer smells strongly when the sun is out.",
            "A restaurant lets its waste water into the rain drain.",
        ),
        "noise": (
            "Loud karaoke until {n} at night, several days a week.",
            "The building site drives piles at midnight.",
            "The bar plays very loud music at weekends.",
        ),
        "parking": (
            "A car has blocked the entrance of our lane since morning.",
            "Trucks stand in two rows in the rush hour.",
            "Cars fill the sidewalk. People have to walk on the road.",
        ),
        "sidewalk": (
            "Tables and chairs cover the sidewalk. Nobody can walk past.",
            "An advertising board stands in the middle of the sidewalk.",
            "Building material has been on the sidewalk for {n} days.",
        ),
        "animals": (
            "About {n} dogs run loose and chase children.",
            "A sick dog lies in the shared yard.",
        ),
        "air": (
            "Thick smoke from burning straw every afternoon.",
            "Uncovered trucks spread dust along the street.",
        ),
        "construction": (
            "The house is being built higher than its site notice says.",
            "There is no site notice, and the wall stands in the shared lane.",
        ),
        "wires": (
            "A cable hangs low enough to catch a rider.",
            "A wire has fallen on the sidewalk.",
            "The power box stands open. Children could reach in.",
        ),
        "public-transport": (
            "The {n} o'clock bus did not come. We waited very long.",
            "The glass of the bus shelter is broken.",
        ),
        "staff-conduct": ("I handed in my papers {n} days ago and have heard nothing.",),
        "food-safety": (
            "The restaurant keeps raw meat beside cooked food.",
            "The shop sells food past its date.",
        ),
        "fire-safety": (
            "The emergency exit of our block is full of boxes.",
            "The fire extinguisher in the corridor is out of date.",
        ),
        "advertising": (
            "{n} banners hang over the crossing and hide the traffic light.",
            "Leaflets are glued to every pole of the street.",
        ),
        "bicycle": (
            "{n} abandoned bicycles fill the rack.",
            "The bicycle lane is cracked and wheels get caught.",
        ),
        "disabled-parking": ("A car without a permit stands in the bay for the disabled.",),
        "access": (
            "The lift of the station has been out of order for {n} days.",
            "The ramp is too steep for a wheelchair.",
        ),
        "safety": (
            "The retaining wall has a crack of about {n} metres.",
            "The railing of the stairs is loose.",
        ),
        "livelihood": ("Somebody hands out cards of an unlicensed money lender.",),
        "hazard": (
            "The slope above the houses has cracks since the rain.",
            "The river has washed away {n} metres of the bank.",
        ),
        "highway": (
            "There is a row of deep holes on the main road.",
            "The crossing on the main road has no lines any more.",
        ),
        "market": (
            "The scales at a stall in the market weigh too much.",
            "The wet section of the market has not been washed for {n} days.",
        ),
        "other": (
            "The street name sign cannot be read any more.",
            "Please put a bench in the park for older people.",
        ),
    },
    results={
        "pothole": ("We filled the pothole and rolled the road flat.", "We replaced the manhole cover."),
        "street-light": (
            "We changed the lamp. It is on again.",
            "We repaired the control box; all lamps are on.",
        ),
        "garbage": (
            "We collected the garbage and washed the place.",
            "We collected it and changed the truck's hours.",
        ),
        "dumping": (
            "We removed the rubble and put up a sign.",
            "We cleared the place and will check it at night.",
        ),
        "drains": ("We cleared the drain and the gutter.", "We pumped the water off and replaced the cover."),
        "trees": ("We cut the broken branch and cleared the way.", "We propped up the tree and pruned it."),
        "water": ("We repaired the pipe. The water runs again.",),
        "sewage": ("We unblocked the sewer and cleaned the lane.",),
        "noise": ("We spoke with the owner, who turns the music off at 22:00.",),
        "parking": ("The car was moved and its owner warned.",),
        "sidewalk": ("The tables are gone and the sidewalk is free.",),
        "wires": ("We tied the cables up and raised the line.",),
    },
    any_result=(
        "We went there and put it right.",
        "It is put right, and we will keep an eye on it.",
        "We spoke with those concerned, and it is put right.",
    ),
    additions=(
        "Please have a look soon.",
        "It is worse at night.",
        "There is a school close by.",
        "This has gone on for {n} weeks.",
        "Thank you.",
    ),
    landmarks=(
        "at the entrance of lane {n}",
        "in front of house {n}",
        "beside the primary school",
        "near pole number {n}",
        "opposite the health station",
        "behind the market",
        "near the bus stop",
        "under the flyover",
    ),
    to_office=("The local office looks after this lane.", "The local office decides about this."),
    to_city=("This road belongs to the city.", "This needs the equipment of the city's own department."),
    returns=(
        "We do not look after this place.",
        "We have checked. This work is not in our list.",
    ),
    inspections=("We are going to look at the place.",),
    other_offices=("We have asked the power company what lies under the road.",),
    urgencies=("People could be hurt here.",),
    questions=(
        "Where exactly is it? The number of the nearest house would help.",
        "At what time does it usually happen?",
        "Is it still like this?",
    ),
    answers=(
        "Right in front of house {n}.",
        "Usually from {n} in the evening.",
        "Yes, I passed there this morning.",
    ),
    declines=(
        ("The place is private ground of a housing block.", "ask the management of the block"),
        ("We looked twice and did not find it.", "send a new report with a photo if it happens again"),
        ("This is a private dispute between neighbours.", "ask the mediation group of your ward"),
        ("The repair is already planned for the next quarter.", "see the plan at your ward office"),
    ),
    silences=(
        ("We got no answer and could not find the place.", "send a new report with a point on the map"),
    ),
    extensions=(
        "A part has to be ordered and arrives next week.",
        "The street has to be closed for the repair, which needs a permit.",
        "After the heavy rain our crews first clear what is dangerous.",
    ),
    withdrawals=("", "A neighbour has repaired it.", "I sent this by mistake."),
    reopenings=(
        "Today it is as bad as before.",
        "Only a part is done; the place beside it is not.",
        "I went there and see no change.",
    ),
    afterthoughts=(
        "It is getting worse.",
        "Since yesterday cars have had to go round it.",
        "I passed again this morning: nothing has changed yet.",
    ),
    praises=(
        "Quick and well done.",
        "Thank you, it is as it should be.",
        "I did not expect it so soon.",
    ),
    grumbles=(
        "It took long.",
        "Only half of it is done.",
        "Nobody told me what happens next.",
    ),
    notes=(
        "Called the neighbourhood group; we meet there tomorrow morning.",
        "The crew has seen it and needs material.",
        "The contractor says within this week.",
        "Perhaps the same cause as last week one street on.",
    ),
    consultations=(
        "Is the cause in your lines or ducts there?",
        "Have you work planned at this place in the next weeks?",
        "Who owns the ground there, by your papers?",
        "Please look at the place and say what you would do.",
    ),
    contributions=(
        "We looked: nothing of ours is there.",
        "It is ours; a crew comes this week.",
        "By our papers the ground is the city's.",
        "Nothing is planned there before the rains.",
    ),
    delays=(
        "The plan is in the archive.",
        "Our inspector is on another site.",
    ),
)
