"""The cases of a demo in Filipino."""

from cps.complaints.templates import Use
from cps.console.demonstration.wording.cases.casebook import Casebook, Kind, Set, Template

FILIPINO = Casebook(
    kinds={
        "garbage": Kind(
            pair=(
                "May tambak ng basura sa harap ng paaralan mula pa kahapon.",
                "Mula kahapon may tambak ng basura sa harap ng paaralan, ang baho na.",
            ),
            crowd=(
                "Natapon ngayon lang ang basura ng truck sa gitna ng kanto.",
                "Puno ng basura ang kanto, nahulog mula sa truck.",
                "Nagkalat ang basura sa kanto, nadudulas na ang mga motor.",
            ),
            merged=(
                "Tatlong araw nang puno ang basurahan sa likod ng palengke.",
                "Umaapaw ang basurahan sa likod ng palengke, tatlong araw na.",
                "May basura sa hagdan ng footbridge.",
            ),
            again=(
                "Hindi pumasok ang truck ng basura sa eskinita namin ngayong linggo.",
                "Hindi na naman pumasok ang truck ng basura sa eskinita namin.",
                "Nilampasan na naman ng truck ang eskinita namin. Pangatlong report ko na ito.",
            ),
            sore=(
                "May bunton ng basura sa kanto ng palengke.",
                "May bunton na naman ng basura sa kanto ng palengke.",
                "Ilang araw lang, puno na ulit ng basura ang kanto ng palengke.",
                "Bumalik ang bunton sa kanto ng palengke, gaya noong nakaraang buwan.",
            ),
            danger="Nasusunog po ang bunton ng basura sa likod ng mga bahay at pumapasok ang usok.",
            harmless="Hindi pa nahahakot ang basura sa loteng may sunog noong nakaraang taon.",
            rude="Limang beses na akong tumawag. Inutil ang nag-iskedyul ng hakot, siya ang umamoy nito.",
        ),
    },
    spam=Set(
        "Pautang agad, walang papeles, isang oras lang may pera na. Mag-message ngayon.",
        "Patalastas ng pautang. Walang problema o lugar na binanggit.",
    ),
    private=Set(
        "May utang sa akin ang kapitbahay sa unang palapag at gabi-gabi siyang lasing. Dapat malaman ng lahat.",
        "Pribadong buhay ng isang pamilya; walang magagawa ang lungsod.",
    ),
    doubted=Set(
        "May patay na buwaya sa tabi ng basurahan, pakikuha po.",
        "Mukhang biro. Pakitingnan kung totoo.",
    ),
    test=Set("test test 123", "May sumubok lang ng form."),
    refusal=(
        "Walang nakasulat na problemang maaaksyunan ng lungsod.",
        "mag-report muli at isulat kung ano ang problema at saan",
    ),
    repeated=(
        "Alas-kuwatro y medya pa lang ng umaga ay umaandar na ang pangwalis ng kalsada at nagigising ang buong gusali. "
        "Unahin po sana ang malaking kalsada at pumasok sa amin pagkatapos ng alas-sais."
    ),
    flag="Iniinsulto ang mga kawaning nag-iskedyul ng hakot.",
    milder="Wala kayong ginagawa kasi walang taga-rito sa inyo.",
    unflag="Galit lang, walang iniinsulto. Inaalis ang marka.",
    visit="Darating ang crew sa umaga. Pakiiwang bukas ang daan.",
    works="Dalawang araw ang gagawin. Madadaanan pa rin ang kalsada.",
    decision="Sakop ng tanggapan ang lugar; magpapahiram ng gamit ang kabila.",
    reveals=("Para itanong kung saan mismo.", "Para magkasundo kung kailan papasok ang crew."),
    cause="Tago ang lugar at walang nakatalagang magbantay.",
    measure="Naglagay ng camera at dalawang beses sa isang araw na tinitingnan.",
    templates=(
        Template(
            Use.RESOLUTION,
            "Naayos sa lugar",
            {"result": "Pinuntahan na ito ng aming crew at naayos na. Salamat po sa report {number}."},
        ),
        Template(
            Use.REFUSAL,
            "Hindi nakita sa lugar",
            {
                "reason": "Dalawang beses naming pinuntahan at hindi namin nakita ang ni-report.",
                "remedy": "mag-report muli na may litrato kung maulit",
            },
        ),
        Template(
            Use.QUESTION,
            "Saan mismo",
            {"question": "Saan po mismo ito? Makakatulong ang numero ng bahay o tindahan sa malapit."},
        ),
    ),
    unassigned="Wala pang nakatalaga",
    overdue="Lampas sa petsa, buong lungsod",
    missed="Lampas na ang araw ng gawa",
)
