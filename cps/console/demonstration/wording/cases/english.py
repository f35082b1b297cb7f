"""The cases of a demo in English."""

from cps.complaints.templates import Use
from cps.console.demonstration.wording.cases.casebook import Casebook, Kind, Set, Template

ENGLISH = Casebook(
    kinds={
        "garbage": Kind(
            pair=(
                "Garbage bags have been lying at the school gate since yesterday.",
                "Bags of garbage lie at the gate of the school, nobody collects them.",
            ),
            crowd=(
                "A garbage truck has just spilled its load over the crossing.",
                "Garbage all over the crossing, it fell from a truck.",
                "The crossing is full of garbage, motorbikes slip on it.",
            ),
            merged=(
                "The bins behind the market have not been emptied for three days.",
                "Full bins behind the market for three days, it smells.",
                "There is garbage on the stairs of the footbridge.",
            ),
            again=(
                "The garbage truck did not come into our lane this week.",
                "Again no garbage truck in our lane this week.",
                "The truck passes our lane by again. This is the third time I write.",
            ),
            sore=(
                "A heap of garbage on the corner of the market.",
                "Garbage piles up on the market corner again.",
                "The corner of the market is a dump once more.",
                "The heap at the market corner is back, as it was last month.",
            ),
            danger="The heap of garbage behind the houses is on fire and the smoke drifts into the windows.",
            harmless="The garbage under the fire safety notice of our block has not been collected.",
            rude="I have called five times. Whichever idiot plans your tours should come and smell this garbage.",
        ),
        "pothole": Kind(
            pair=(
                "There is a deep hole in the road in front of the bakery.",
                "A deep hole in the road by the bakery, a cyclist nearly fell.",
            ),
            crowd=(
                "The road has just sunk in at the crossing.",
                "A big hole has opened in the road at the crossing, cars stop.",
                "The road at the crossing gives way, please close it.",
            ),
            merged=(
                "The manhole cover rattles and sticks out of the road.",
                "A manhole cover sticks out of the road and rattles all night.",
                "The curb beside the bus stop is broken.",
            ),
            again=(
                "The trench in our street was not filled properly.",
                "The trench in our street has sunk in again.",
                "The trench is as deep as before. This is the third time I write.",
            ),
            sore=(
                "The road under the bridge is full of holes.",
                "The holes under the bridge are back after the rain.",
                "The patch under the bridge has come off again.",
                "There are holes under the bridge again, as there were last month.",
            ),
            danger="A motorbike fell into the hole in the dark and the rider is injured. Please close the road.",
            harmless="A small hole is left where the accident was last year.",
            rude="I have called five times. Whichever idiot patched this road should drive over it every day.",
        ),
    },
    spam=Set(
        "Quick loan without papers, money within the hour. Write to us today.",
        "Advertising for loans. It names no problem and no place.",
    ),
    private=Set(
        "My neighbour in the ground floor flat owes me money and drinks every evening. Everybody should know.",
        "About a private person at home, and nothing the city could do.",
    ),
    doubted=Set(
        "There is a dead crocodile lying beside the bin, please take it away.",
        "Sounds like a joke. Please look whether there is anything in it.",
    ),
    test=Set("test test 123", "Somebody tried the form out."),
    refusal=(
        "This names no problem that the city could see to.",
        "send a new report with what is wrong and where",
    ),
    repeated=(
        "The street sweeping starts at half past four in the morning and wakes up the whole building. "
        "Please let the machine begin on the main road and come to us after six."
    ),
    flag="Insults the colleagues who plan the tours.",
    milder="You never do anything until one of you has to live here.",
    unflag="Angry, but it insults nobody. The mark goes.",
    visit="Our crew comes in the morning. Please keep the entrance free.",
    works="The work takes two days. The road stays open.",
    decision="The place belongs to your area; the other department lends its equipment.",
    reveals=("To ask where exactly it is.", "To agree on when the crew can come in."),
    cause="The place is out of sight and nobody is named to see to it.",
    measure="A camera was put up and the place is looked at twice a day.",
    templates=(
        Template(
            Use.RESOLUTION,
            "Done on site",
            {"result": "Our crew was there and has put it right. Thank you for report {number}."},
        ),
        Template(
            Use.REFUSAL,
            "Nothing found",
            {
                "reason": "We looked at the place twice and did not find what was reported.",
                "remedy": "send a new report with a photo if it happens again",
            },
        ),
        Template(
            Use.QUESTION,
            "Where exactly",
            {"question": "Where exactly is it? A house number or a shop near by helps our crew."},
        ),
    ),
    unassigned="Nobody handles it yet",
    overdue="Overdue in the whole city",
    missed="Planned day is over",
)
