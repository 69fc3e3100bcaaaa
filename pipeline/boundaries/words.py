"""The words by which papers of an office begin, go on and end; folded, in small letters."""

import re
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

_LISTS: Final[dict[str, str]] = {
    "act": """
        acord acordul act actul adeverinta adeverinte adresa ancheta anunt anuntul autorizatie
        autorizatia aviz avizul bon caiet caracterizare certificat certificatul cerere cererea
        chestionar chitanta circulara citatie comunicare comunicat contestatie contract contractul
        conventie convocator decizie decizia declaratie declaratia decret delegatie demisie
        dispozitie dispozitia dovada expertiza expunere extras factura fisa foaie hotarare
        hotararea imputernicire incheiere informare instiintare intampinare invitatie invitatia
        legitimatie minuta mandat nota notificare oferta ordin ordinul ordonanta petitie petitia
        plangere plangerea procedura proces procesul procura proiect protocol raport raportul
        reclamatie recomandare referat referatul rezolutie scrisoare sentinta sesizare sesizarea
        solicitare somatie stat telegrama testament titlu
    """,
    "annex": """
        anexa anexe borderou calendar capitolul centralizator deviz devizul formular grafic
        inventar lista listele liste memoriu memoriul metodologie metodologia model nomenclator
        normativ opis organigrama plan planul program programul regulament regulamentul schita
        sectiunea situatie situatia statut statutul tabel tabelul
    """,
    "house": """
        agentia arhivele asociatia autoritatea biroul cabinetul casa centrul compartimentul comuna
        consiliul directia filiala guvernul inspectoratul institutia judecatoria judetul
        ministerul municipiul orasul parchetul politia prefectura presedintia primaria primarul
        regia romania sectorul serviciul societatea spitalul tribunalul universitatea
    """,
    "signer": """
        achizitor administrator aprobat arhitect avizat beneficiar cancelar comisia
        consilier constatat contabil contrasemneaza cumparator declarant delegat director
        economist executant expeditor furnizor grefier inginer inspector intocmit jurist locator
        locatar martor martori membri notar petent prestator presedinte presedintele primar
        primarul primit predat prefect redactat referent secretar secretarul sef seful
        semnatura semnaturi solicitant vanzator verificat vicepresedinte viceprimar
    """,
    "address": """
        atentia catre doamna doamnei doamne domnul domnului domnule referitor stimata stimate
        stimati subsemnata subsemnatul subsemnatii
    """,
}
KINDS: Final = {word: kind for kind, words in _LISTS.items() for word in words.split()}
_FORMS: Final = tuple(KINDS)
_LEAST, _LONG = 5, 9

OPENING: Final = re.compile(
    r"^\W*(?:avand in vedere|in temeiul|in baza|in conformitate|urmare|ca urmare|prin prezenta|"
    r"subsemnat|va (?:comunicam|rugam|aducem|solicit|facem|instiint)|vazand|examinand|analizand|"
    r"incheiat|astazi|referitor la|tinand (?:cont|seama)|luand in)"
)
ENDING: Final = re.compile(
    r"\b(?:cu (?:stima|respect|deosebita)|va multumi\w+|l\.? ?s\.?$|drept pentru care|"
    r"se comunica|se va comunica|prezent[aul]+ .{0,40}(?:intra in vigoare|s-a incheiat|"
    r"s-a eliberat)|data(?: si semnatura)?\W*$)"
)
REGISTRY: Final = re.compile(
    r"\b(?:intrare|iesire|inregistrat\w*|inregistrare|nr\.? ?(?:de )?inreg\w*|registratura)\b"
    r"|^\W*nr\W{0,3}[\w./ -]{1,24}(?:/|\bdin\b|\bdata\b) ?\W{0,3}\d"
)
NUMBERED: Final = re.compile(r"\bn[rn]\W{0,3}\d+")
ANNEX: Final = re.compile(r"^\W*anex[aeă]\w{0,2}\b")
ANNEX_OF: Final = re.compile(r"^\W*anex\w{1,3}\b.{0,18}\bla\b")
DATE: Final = re.compile(
    r"\b\d{1,2} ?[./-] ?(?:\d{1,2}|[ivx]{1,4}) ?[./-] ?(?:19|20)?\d\d\b"
    r"|\b\d{1,2} (?:ian|feb|mar|apr|mai|iun|iul|aug|sep|oct|noi|dec)\w* (?:19|20)\d\d\b"
)
_TOKEN: Final = re.compile(r"[a-z0-9]+")


def tokens(text: str) -> list[str]:
    """Runs of letters and digits of a folded text in small letters."""
    return _TOKEN.findall(text)


@lru_cache(maxsize=65536)
def kind_of(word: str) -> str:
    """The list that a word stands in, one slip forgiven (two in a long word); empty for none."""
    if word in KINDS:
        return KINDS[word]
    if len(word) < _LEAST or not word.isalpha():
        return ""
    allowed = 1 if len(word) < _LONG else 2
    best = process.extractOne(word, _FORMS, scorer=Levenshtein.distance, score_cutoff=allowed)
    return KINDS[best[0]] if best and best[0][0] == word[0] else ""
