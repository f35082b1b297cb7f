"""What people in the demo write in Filipino, in the words of the project's glossary."""

from cps.console.demonstration.wording.phrasebook import Phrasebook

FILIPINO = Phrasebook(
    reports={
        "pothole": (
            "Malalim po ang lubak dito. Umiiwas na ang mga motor.",
            "Lumubog ang kalsada, mga {n} metro ang haba.",
            "Basag ang takip ng manhole at nakabukas ang isang gilid.",
            "Hinukay ang kalsada at hindi na ibinalik sa dati.",
            "Nakatagilid ang road sign sa kanto.",
        ),
        "drains": (
            "Binabaha kami tuwing umuulan. Mga {n} pulgada ang tubig.",
            "Barado ng plastik at dahon ang drainage.",
            "Mula kagabi ay hindi pa humuhupa ang tubig sa eskinita.",
            "Basag ang takip ng kanal. Baka mahulog ang bata.",
        ),
        "garbage": (
            "{n} araw nang hindi nahahakot ang basura at mabaho na.",
            "Umaapaw ang basurahan sa tabi ng palengke.",
            "Hindi pumapasok ang truck ng basura sa aming purok.",
            "Pagkatapos ng tiangge, naiiwan ang basura sa magkabilang gilid.",
        ),
        "dumping": (
            "May nagtapon ng pinaghukayan sa bakanteng lote kagabi.",
            "Itinatapon sa sapa ang basura ng mga bahay.",
            "{n} araw na ang lumang kutson at silya sa bangketa.",
            "May nagsusunog ng basura tuwing hapon.",
        ),
        "street-light": (
            "{n} gabi nang patay ang streetlight. Ang dilim ng daan.",
            "Patay-sindi ang ilaw buong gabi.",
            "{n} magkakasunod na streetlight ang patay. Nakakatakot maglakad.",
            "Nakabukas ang mga streetlight kahit tanghali.",
            "Nabangga ang poste ng ilaw at nakahilig na sa kalsada.",
        ),
        "parking": (
            "May nakaparadang sasakyan sa labasan ng eskinita mula umaga.",
            "Dalawang hanay ang nakaparadang tricycle kapag rush hour.",
            "Puno ng sasakyan ang gilid ng kalsada kaya trapik.",
        ),
        "sidewalk": (
            "Sakop ng mga paninda ang bangketa. Sa kalsada na kami naglalakad.",
            "Nasa gitna ng bangketa ang karatula ng tindahan.",
            "{n} araw na ang buhangin at graba sa bangketa.",
        ),
        "trees": (
            "May natumbang puno at sakop ang kalahati ng kalsada.",
            "Nakahilig ang puno pagkatapos ng bagyo, baka tumama sa bahay.",
            "Sumasayad ang mga sanga sa kable ng kuryente.",
            "Sira ang upuan sa plaza.",
        ),
        "hazard": (
            "May bitak ang lupa sa itaas ng mga bahay mula nang umulan.",
            "Natibag ng ilog ang {n} metro ng pampang.",
            "Nakahilig na ang pader sa tabi ng daan.",
        ),
        "water": (
            "{n} araw nang walang tubig at walang abiso.",
            "Malabo at may amoy ang tubig mula kahapon.",
            "May tumatagas na tubo at umaagos sa kalsada.",
            "Mahina ang tubig sa gabi, hindi umaabot sa itaas.",
        ),
        "wires": (
            "Mababa ang kable, abot na ng dumadaan.",
            "May nalaglag na kable sa bangketa.",
            "Umuusok ang transformer sa poste.",
        ),
        "animals": (
            "Mga {n} asong gala ang nanghahabol ng mga bata.",
            "May baka sa gitna ng kalsada tuwing gabi.",
        ),
        "noise": (
            "Videoke hanggang alas-{n} ng madaling araw, halos gabi-gabi.",
            "Maingay ang talyer hanggang hatinggabi.",
            "Sobrang lakas ng tugtog sa bar tuwing Sabado.",
        ),
        "air": (
            "Makapal ang usok mula sa sinusunog na dayami tuwing hapon.",
            "Walang takip ang mga truck ng lupa kaya maalikabok ang daan.",
        ),
        "construction": (
            "Itinatayo ang pader sa daanan ng lahat.",
            "Walang nakapaskil na permit ang ginagawang gusali.",
        ),
        "highway": (
            "Sunod-sunod ang lubak sa national road.",
            "Wala nang linya ang tawiran sa highway.",
        ),
        "public-transport": (
            "Tumatangging magsakay ang jeep kapag malapit lang ang pupuntahan.",
            "Mahigit {n} oras bago dumating ang jeep.",
        ),
        "market": (
            "Kulang ang timbang sa isang puwesto ng isda.",
            "{n} araw nang hindi nalilinis ang wet section ng palengke.",
        ),
        "food-safety": (
            "Panis na ang ulam na ibinebenta sa karinderya.",
            "Lampas na sa petsa ang mga de-latang tinda.",
        ),
        "staff-conduct": ("{n} linggo na ang papeles ko at walang nagsasabi kung nasaan na.",),
        "other": (
            "Burado na ang pangalan ng kalye sa karatula.",
            "Sana malagyan ng upuan ang plaza para sa mga senior.",
        ),
    },
    results={
        "pothole": (
            "Tinapalan namin ang lubak at pinatag ang kalsada.",
            "Pinalitan namin ang takip ng manhole.",
        ),
        "drains": ("Nilinis namin ang drainage at kanal.", "Pinalitan namin ang basag na takip ng kanal."),
        "garbage": (
            "Nahakot na ang basura at nilinis ang lugar.",
            "Nahakot na at inayos ang iskedyul ng truck.",
        ),
        "dumping": (
            "Inalis namin ang itinapon at naglagay ng karatula.",
            "Nilinis na at babantayan sa gabi.",
        ),
        "street-light": (
            "Pinalitan ang bombilya. May ilaw na ulit.",
            "Inayos ang control box; bukas na ang lahat.",
        ),
        "parking": ("Pinaalis ang sasakyan at tiniketan ang may-ari.",),
        "sidewalk": ("Inalis ang mga nakaharang. Madadaanan na ang bangketa.",),
        "trees": ("Pinutol ang sanga at nilinis ang daan.", "Nilagyan ng tukod ang puno at tinabasan."),
        "hazard": ("Nilagyan ng harang ang lugar at inilipat ang mga nakatira.",),
        "water": ("Naayos na ang tubo. May tubig na ulit.",),
        "wires": ("Itinaas at itinali namin ang kable.",),
        "animals": ("Nahuli ang mga aso at kinausap ang may-ari.",),
        "noise": ("Kinausap namin ang may-ari. Titigil ang tugtog pagsapit ng 10:00 PM.",),
        "market": ("Sinuri ang timbangan at pinalitan.",),
    },
    any_result=(
        "Pinuntahan namin at inayos na.",
        "Ayos na, at babantayan pa namin.",
        "Kinausap namin ang mga may kinalaman at inayos na.",
    ),
    additions=(
        "Pakitingnan po agad.",
        "Mas delikado sa gabi.",
        "May paaralan sa malapit.",
        "{n} linggo na itong ganito.",
        "Salamat po.",
    ),
    landmarks=(
        "sa kanto ng Purok {n}",
        "sa harap ng bahay no. {n}",
        "sa tabi ng elementary school",
        "malapit sa poste no. {n}",
        "sa tapat ng health center",
        "sa likod ng palengke",
        "malapit sa barangay hall",
        "sa tabi ng kapilya",
        "sa ilalim ng tulay",
        "sa tapat ng basketball court",
    ),
    to_office=("Ang barangay ang nangangalaga sa daang ito.", "Ang barangay ang magpapasya rito."),
    to_city=(
        "Lungsod ang nangangalaga sa kalsadang ito.",
        "Kailangan dito ang gamit ng tanggapan ng lungsod.",
    ),
    returns=(
        "Hindi po sakop ng aming tanggapan ang lugar na ito.",
        "Tiningnan po namin: wala ito sa listahan ng aming gawain.",
    ),
    inspections=("Titingnan po namin ang lugar.",),
    other_offices=("Nagtanong po kami sa kompanya ng kuryente.",),
    urgencies=("Maaaring may masaktan dito.",),
    questions=(
        "Saan po mismo ito? Makakatulong ang numero ng pinakamalapit na bahay.",
        "Anong oras po ito madalas mangyari?",
        "Ganito pa rin po ba hanggang ngayon?",
    ),
    answers=(
        "Sa mismong harap ng bahay no. {n}.",
        "Madalas mula alas-{n} ng gabi.",
        "Opo, dumaan ako roon kaninang umaga.",
    ),
    declines=(
        ("Pribadong lupa ito ng subdivision.", "makipag-ugnayan sa homeowners' association"),
        (
            "Dalawang beses naming pinuntahan at hindi namin nakita.",
            "mag-report muli na may litrato kung maulit",
        ),
        ("Alitan ito ng magkapitbahay.", "lumapit sa lupon ng barangay"),
        ("Nakaplano na ang pag-aayos sa susunod na quarter.", "tingnan ang plano sa barangay hall"),
    ),
    silences=(
        ("Walang sagot at hindi namin nahanap ang lugar.", "mag-report muli at ilagay ang lokasyon sa mapa"),
    ),
    extensions=(
        "Inorder pa ang piyesa at sa susunod na linggo darating.",
        "Kailangang isara ang kalsada, kaya hinihintay ang permit.",
        "Pagkatapos ng malakas na ulan, inuuna muna ang mga delikadong lugar.",
    ),
    withdrawals=("", "Inayos na ng kapitbahay.", "Nagkamali ako ng pindot."),
    reopenings=(
        "Ganoon na naman ngayon.",
        "Bahagi lang ang inayos; ganoon pa rin ang katabi.",
        "Pinuntahan ko at walang nagbago.",
    ),
    afterthoughts=(
        "Lalo pong lumalala.",
        "Mula kahapon, umiikot na ang mga sasakyan dito.",
        "Dumaan ako kaninang umaga; wala pang nagbago.",
    ),
    praises=(
        "Mabilis at maayos ang gawa.",
        "Salamat po, maayos na ngayon.",
        "Mas mabilis kaysa inaasahan ko.",
    ),
    grumbles=(
        "Matagal bago naaksyunan.",
        "Kalahati lang ang natapos.",
        "Walang nagsabi kung ano ang susunod.",
    ),
    notes=(
        "Tinawagan ang kagawad; magkikita bukas ng umaga.",
        "Nakita na ng crew, kailangan ng materyales.",
        "Ngayong linggo raw sabi ng contractor.",
        "Maaaring pareho ang sanhi noong nakaraang linggo sa kabilang kalye.",
    ),
    consultations=(
        "Nasa linya o tubo ba ninyo ang sanhi?",
        "May gagawin ba kayo sa lugar na ito sa susunod na mga linggo?",
        "Kanino ang lupa roon, ayon sa papeles ninyo?",
        "Pakitingnan ang lugar at sabihin kung ano ang dapat gawin.",
    ),
    contributions=(
        "Natingnan na namin: wala kaming linya roon.",
        "Sa amin ito; may darating na crew ngayong linggo.",
        "Sa siyudad ang lupa ayon sa papeles.",
        "Wala kaming gagawin doon bago mag-tag-ulan.",
    ),
    delays=(
        "Nasa archive pa ang plano.",
        "Nasa ibang site ang inspector namin.",
    ),
)
