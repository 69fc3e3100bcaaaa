"""How institutions are called: the words that names begin with, go on with and end at."""

import re

from pipeline.metadata.text.view import fold
from pipeline.metadata.text.vocabulary import COUNTIES

LEVELS = tuple(
    re.compile(rf"(?:{heads})\b")
    for heads in (
        "guvernul",
        (
            r"ministerul|agentia nationala|autoritatea nationala|inspectoratul general|patriarhia"
            r"|uniunea nationala|camera (?:notarilor|executorilor)|regia nationala|consiliul judetean|consiliul superior"
            r"|casa nationala|uniunea centrala|mitropolia|institutul national|oficiul national|curtea de conturi"
            r"|inspectia muncii|inspectoratul de stat|inspectia de stat|avocatul poporului|partidul"
        ),
        (
            r"arhiepiscopia|episcopia|directia silvica|inspectoratul scolar|curtea de apel|centrala|trustul"
            r"|protopopiatul|inspectoratul (?:judetean )?de politie|directia (?:generala|regionala|judeteana)"
            r"|administratia nationala|compania nationala|societatea nationala|uniunea judeteana"
            r"|d\. ?g\. ?(?:r\. ?)?f\. ?p"
        ),
        r"tribunalul|parchetul|inspectoratul",
    )
)
"""Whose names stand above that of the office that writes, from the highest; all others write."""
OF_THE_COUNTRY = "|".join(fold(name).lower() for name in COUNTIES)
HEADS = re.compile(
    r"(?:cancelaria|crucea rosie|notar(?:ul)? public|caminul (?:cultural|de|pentru)|postul de politie|avocatul poporului|partidul|antrepriza|exploatarea|santierul"
    r"|inspectorat(?:ul)?|ministerul|guvernul|agentia|autoritatea(?! tutelara)|oficiul|scoala|liceul|colegiul|gradinita"
    r"|universitatea|spitalul|cabinet(?:ul)? (?:medical|de avocat|individual)|judecatoria|tribunalul|curtea"
    r"|parchetul|penitenciarul|institutia prefectului|prefectura|compania|societatea|regia|parohia"
    r"|protopopiatul|episcopia|arhiepiscopia|manastirea|asociatia|fundatia|federatia|sindicatul|clubul"
    r"|camera|casa (?:judeteana|nationala|de|corpului)|arhivele|garda|garnizoana|jandarmeria|ocolul"
    r"|biserica|comunitatea|obstea|composesoratul|sfatul popular|notariatul|procuratura|militia|intreprinderea|cooperativa|trustul|centrala|uzina|fabrica"
    r"|combinatul|gospodaria agricola|grupul scolar|gimnaziul|seminarul|dispensarul|policlinica|circumscriptia"
    r"|statiunea|sucursala|filiala|depozitul|uniunea|executor\w* judecatoresc|curtea|mitropolia"
    r"|(?:birou|cabinet|societate) (?:individual|notarial|de avocat|profesional)\w*"
    r"|administratia (?:financiara|bazinala|parcului|de)|circa"
    r"|(?:d\. ?g\. ?(?:r\. ?)?f\. ?p|d\. ?g\. ?a\. ?s\. ?p\. ?c|o\. ?c\. ?p\. ?i|a\. ?j\. ?o\. ?f\. ?m|d\. ?s\. ?[pv]|i\. ?[sp]\. ?j"
    r"|i\. ?t\. ?m|i\. ?s\. ?u|c\. ?a\. ?p|g\. ?a\. ?c|i\. ?a\. ?s|s\. ?m\. ?a|i\. ?j\. ?g\. ?c\. ?l|i\. ?g\. ?c\. ?l|r\. ?a\. ?g\. ?c\. ?l|a\. ?p\. ?m)"
    r"(?=\.? \x22?[a-z]{3})"
    r"|muzeul|biblioteca (?:judeteana|nationala)|centrul (?:judetean|national|regional|medical|scolar|de(?! (?:exploat|operar|distrib|relat)))"
    r"|institutul|banca|barou\w*|biroul (?:notarial|executorului|individual notarial)"
    r"|administratia (?:judeteana|finantelor|nationala|bazinala|fondului)"
    r"|unitatea militara|centrul militar|consiliul judetean(?= [a-z]{3})"
    r"|directia (?:de sanatate|sanitar\w*|pentru agricultura|agricola|silvica|regional\w*|judeteana"
    r"|generala a finantelor|generala regionala|finantelor|muncii|de munca|de statistica|apelor|de drumuri"
    r"|(?:generala )?de asistenta sociala si protectia copilului (?!sector)))\b"
)
NOUNS = re.compile(
    r"(?:academia|agentia|ansamblul|aparatul|arhiva|atelierul|autobaza|baza|biblioteca|biroul|brigada|bursa|casa|centrul"
    r"|circumscriptia|colegiul|comandamentul|comanda|comisariatul|comisia|comitetul|complexul|consortiul"
    r"|corpul|creditul|cresa|cultul|departamentul|depoul|detasamentul|directia|directiunea|dispeceratul|divizia|eparhia|farmacia"
    r"|ferma|filarmonica|fondul|gara|gospodaria|grupa|grupul|inspectia|laboratorul|liga|mina|moara|oficiul|opera"
    r"|ordinul|organizatia|palatul|plutonul|postul|procuratura|rafinaria|regionala|registrul|reteaua|sanatoriul|schela"
    r"|schitul|sectia|sectiunea|sectorul de|serviciul|sistemul|statia|subunitatea|teatrul|templul|termocentrala"
    r"|unitatea|zona|administratia|autoritatea)\b"
)
"""Nouns that name an institution where its own name or its place follows; else a part of one."""
NATIONAL = re.compile(r"\bnational[aeu]")
"""What tells that an institution is the whole country's, so that its branch's name belongs to it."""
PART = re.compile(
    r"(?:filiala|sucursala|exploatarea|antrepriza|santierul|agentia (?:locala|teritoriala)|biroul teritorial|punctul de lucru"
    r"|centrul (?:judetean|regional|operational|zonal|local))\b"
)
"""Parts of an institution that bear its name."""
PERSON_S = re.compile(
    r"(?:(?:biroul?|cabinet|societate) (?:individual |profesional\w )?(?:notarial\w?|de avocat|medical)(?: individual)?"
    r"|(?:biroul )?executorului judecatoresc|executor judecatoresc|notar(?:ul)? public)\W{0,2}"
)
PERSON = re.compile(r"(?:[A-Z][A-Za-z.'-]+ ){1,3}[A-Z][A-Za-z'-]+")
DIRECTION = re.compile(rf"directia\b.*\b(?:{OF_THE_COUNTRY})$")
COMPANY = re.compile(
    r"(?:compania|societatea|regia|intreprinderea) (?:national|comercial|autonom|de )"
)
POLICE = re.compile(r"politia (?:municipiului|orasului|comunei|statiunii|rurala|judetului)\b")
FIRM = re.compile(
    r"(?:s\. ?c\. ?|sc )?[a-z0-9&.,' -]{2,60}?\b(?:s\. ?r\. ?l|srl|s\. ?a|sa|p\. ?f\. ?a|pfa|s\. ?n\. ?c|snc|r\. ?a)\b\.?"
)
OURS = re.compile(
    r"(?:u\.? ?a\.? ?t\.?|unitatea administrativ|primaria|primarul|comuna|orasul|municipiul|sectorul"
    r"|consiliul (?:local|general))\b"
)
STAMP = re.compile(r"\W{0,3}(?:nr\.?\s?(?:de\s)?)?(?:intrare|iesire|inregistrat\w*|registratura)\b")
OF_A_COUNTY = re.compile(rf"\b(?:{OF_THE_COUNTRY})\b")
COUNTY = re.compile(rf"(?:{OF_THE_COUNTRY})\W{{0,2}}")
OF_COUNTY = re.compile(rf"judetului (?:{OF_THE_COUNTRY})\W{{0,2}}")
THE_COUNTY = re.compile(rf"judetul (?:{OF_THE_COUNTRY})\W{{0,2}}")
PREFECT = re.compile(r"(?:institutia prefectului|prefectura)\W{0,2}$")
GOES_ON = re.compile(r'(?:si|a|al|ale|de|din|pentru)\b|"')
UNENDED = re.compile(r"\b(?:si|a|al|ale|de|din|pentru)$")
OWN_PART = re.compile(r'"|\d|\b(?:srl|sa|s\. ?r\. ?l|s\. ?a)\b|\bsf(?:ant\w+|\.) \w')
CAPITAL_RUN = re.compile(r"[A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'-]+){0,12}")
FORM_END = re.compile(r"(?:\b[A-Z]{2,3}|\b[A-Za-z]\. ?(?:[A-Za-z]\. ?)?[A-Za-z])\.?$")
"""How a firm's form is written, unlike the word "să" without its mark."""
CAPITAL_END = re.compile(r"(?:^|\s)((?:[A-Z0-9&.'-]{2,} ){1,5}(?:S\. ?R\. ?L|S\. ?A|SRL|SA)\b\.?)$")
CAPITALS = re.compile(r"[A-Z][A-Z.'-]+")
OTHER_HAND = re.compile(r"\s(?!Nr\b)[A-Z][a-z]{2,}")
"""Where the right column begins beside a name in capitals."""
SEPARATED = re.compile(r"\s?[,;|(·•]|\s[-–]\s(?=[a-z]{2,6}\b\.?)")
"""What parts a name at a paper's foot from its address."""
UNIT_LINE = re.compile(r"(?:comuna|orasul|municipiul)\b[^\n\d]{2,40}$")
BARE_NAME = re.compile(r"[A-Z][A-Za-z'-]+(?: (?:de |din |la |cu )?[A-Z][A-Za-z'-]+){0,3}")
WRAPPED = re.compile(r"[A-Z][A-Z'-]+(?: [A-Z][A-Z'-]+)?")
PLAIN = re.compile(
    r"\W{0,3}(?:romania|republica|judetul|jud|comuna|orasul|municipiul|sectorul|sector|satul|loc|localitatea|str|strada"
    r"|bd|bulevardul|calea|aleea|piata|tel|telefon|fax|e-?mail|www|http\w*|cod|c\.?[ui]\.?[if]|nr|numar\w*|data|dosar"
    r"|sectia|compartiment\w*|serviciul|biroul|secretariat\w*|cabinet\w*|direct(?:ia|or)|departament\w*|cont"
    r"|iban|reg|capital|operator|intrat[a]?|intrare[a]?|iesire|inreg\w*|registratur\w*|sediul|adresa|exemplar\w*"
    r"|nesecret|catre|emis\w*|termen|program|ziua|trezoreria|banca|j\d+|ro\d+|primari\w+|primarul|consiliul|aprob\w*"
    r"|avizat|vizat|se aproba)\b|.*[\d@]"
)
"""What a line under a letterhead's name may tell that is no other institution."""
AFTER = re.compile(
    r"\s*(?:[,;|(·•]|\s[-–]\s(?!jud)|\b(?:nr\.? ?\d{3,}|nr\.? ?(?:inreg|din)|tel|fax|cui|cif|c\.u\.i|c\.i\.f|cod|str|sediul|capital social|j\d"
    r"|intrare|strada|bd|calea|e-?mail|cont|data(?=\W{1,3}\d)|exemplar|nesecret|operator de date|secret de serviciu)\b"
    r"|\s(?:www\.|https?:)"
    r"|(?<!\bal)(?<!\ba)(?<!\blanga)(?<!\bde)\s(?:se aprob|aprobat\b|avizat\b|vizat\b|catre\b|domnul|doamn|primar(?:ia|ul)?\b"
    r"|consiliul (?:local|popular)|inregistrat|termen\b|proiect\b|urgent\b|romania$))"
)
"""What in a line is no more the name that it begins with, but the right column's."""
LEFT = re.compile(
    rf"(?:romania|judetul (?:{OF_THE_COUNTRY})|nesecret|exemplar nr\.? ?\d+|nr\.? ?\d\S{{0,20}}) (?=[a-z])"
)
PLACED = re.compile(r" ([A-Z][A-Za-z-]+), (?:la )?\d")
"""The town before a day in the right column, which looks like the end of the name."""
