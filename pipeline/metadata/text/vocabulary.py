# ruff: noqa: SIM905 - word lists are read and edited as text
"""Words the rules know, folded to lower case without diacritics unless they are values."""

# Words that rules hang on; a word one slip away (two in long words) is read as one of these.
KEYWORDS = frozenset(
    """
    hotarare hotararea hotararii hotarari hotararilor hotaraste
    dispozitie dispozitia dispozitiei dispozitii dispozitiilor dispune
    autorizatie autorizatia autorizatiei autorizatii construire construirii
    certificat certificatul certificatului urbanism adeverinta adeverintei adevereste
    petitie petitia petitiei procesul contract contractul contractului
    referat referatul referatului factura facturii ancheta anchetei sociala
    declaratie declaratia declaratiei fiscala impunere
    consiliul consiliului judetean judetul judetului primaria primariei primarul primarului
    municipiul municipiului orasul orasului comunei sectorul sectorului directia directiei
    compartimentul serviciul privind referitor obiectul inregistrare inregistrarii inregistrat
    inregistrata subsemnatul subsemnata subsemnatii domnul domnului doamna doamnei
    strada strazii bulevardul localitatea guvernului ordonanta urgenta
    furnizor cumparator incheiat incheiata astazi intrunit sedinta
    ianuarie februarie aprilie august septembrie octombrie noiembrie decembrie
    """.split()
)

# Real words that lie as near to a keyword as a misreading would.
NOT_KEYWORDS = frozenset(
    """
    adeverinte anchetat anchete anregistrare anregistrarea aprile autoritatea autoritatii
    autoritatile autorizarea autorizarii autorizata autorizate autorizati autorizatiile
    bancheta certifica certificata certificate certificatele certificati comparator
    compartiment compartimentat compartimente compartimentele compartimentului comportamentul
    comune comuni conciliul conciliului consilierului consiliu constituirii constructii
    construibil construiesi construirea construise construite contact contactul contactului
    contracta contracte contractele contractelor contracts contractual contrast contrastul
    contrastului contrat cumparatori decembre decembri declarata declarate declarati
    declaratii declaration declarativa declarative directa directi directie directii
    directiile directiilor directiva directive directivei disparitiei dispozitiv dispozitive
    dispozitivelor dispun dispuna dispunea dispunem dispuse dispute doamne domnule domului
    donului estrada facatura factorii facturat facturi facturis facura faptura fiscal fiscale
    fiscali fractura fracturii furnizori hotarara hotarase hotarasti hotarate hotarati
    hotareste impunerea impuneri inchegat incheia incheiate incheiati incheiau inregistra
    inregistram inregistrand inregistrarea inregistrari inregistrarile inregistrase
    inregistrate inregistrati inregistrator inregistrau inregistreaza inregistrez inregistreze
    intruni intrunita intrunite judeteana lectorul legalitatea letitia localitate localitatii
    localizarea loialitatea modalitatea moralitatea municipiu municipium neinregistrat oamnei
    oasului orarul orarului orasel ordonante ordonata petite petitii petitiile preferat
    preferatul primara primari primarie primarii primatul primatului primind privin procesual
    rasului reconstruirii rectorul rectorului refera referate referit reinregistrat reperat
    sedinte sepembrie septembre serviciu servicul social sociale sociali somnul somnului
    stradal straja strana stranii strazi streda tancheta toamna toamnei tonalitatea
    totalitatea trasul urbanist urgent urgente urgenti vectorul vectorului
    """.split()
)

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "ianuarie ian ianuar",
            "februarie feb febr",
            "martie mart mar rnartie",
            "aprilie apr",
            "mai",
            "iunie iun lunie 1unie",
            "iulie iul lulie 1ulie",
            "august aug",
            "septembrie sept sep",
            "octombrie oct octomvrie octobrie",
            "noiembrie noi nov noiem noembrie",
            "decembrie dec",
        ),
        start=1,
    )
    for name in names.split()
}
MONTH_NAMES = tuple(
    """ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie
    decembrie""".split()
)
ROMAN_MONTHS = {
    roman: number
    for number, roman in enumerate("I II III IV V VI VII VIII IX X XI XII".split(), start=1)
}

PLATE_COUNTIES = (
    "AB AR AG BC BH BN BT BR BV BZ CL CS CJ CT CV DB DJ GL GR GJ HR HD IL IS IF MM MH MS NT OT PH "
    "SJ SM SB SV TR TM TL VL VS VN"
).split()

# Institution words as they are written in full, nominative where a value begins with them.
INSTITUTION_WORDS = {
    "consiliul": "Consiliul",
    "local": "Local",
    "judetean": "Județean",
    "general": "General",
    "satesc": "Sătesc",
    "comunal": "Comunal",
    "orasenesc": "Orășenesc",
    "municipal": "Municipal",
    "popular": "Popular",
    "sfatul": "Sfatul",
    "sfatului": "Sfatului",
    "comitetul": "Comitetul",
    "executiv": "Executiv",
    "raionului": "Raionului",
    "raional": "Raional",
    "regional": "Regional",
    "regiunii": "Regiunii",
    "primaria": "Primăria",
    "primariei": "Primăriei",
    "primarul": "Primarul",
    "primarului": "Primarului",
    "municipiul": "Municipiul",
    "municipiului": "Municipiului",
    "orasul": "Orașul",
    "orasului": "Orașului",
    "comuna": "Comuna",
    "comunei": "Comunei",
    "sectorul": "Sectorul",
    "sectorului": "Sectorului",
    "judetul": "Județul",
    "judetului": "Județului",
    "directia": "Direcția",
    "generala": "Generală",
    "asistenta": "Asistență",
    "sociala": "Socială",
    "fiscala": "Fiscală",
    "protectia": "Protecția",
    "copilului": "Copilului",
    "impozite": "Impozite",
    "taxe": "Taxe",
    "locale": "Locale",
    "compartimentul": "Compartimentul",
    "serviciul": "Serviciul",
    "serviciului": "Serviciului",
    "biroul": "Biroul",
    "urbanism": "Urbanism",
    "amenajarea": "Amenajarea",
    "teritoriului": "Teritoriului",
    "public": "Public",
    "publica": "Publică",
    "politia": "Poliția",
    "institutia": "Instituția",
    "prefectului": "Prefectului",
    "bucuresti": "București",
    "relatii": "Relații",
    "publicul": "Publicul",
    "administratie": "Administrație",
    "domeniului": "Domeniului",
    "evidenta": "Evidență",
    "persoanelor": "Persoanelor",
    "stare": "Stare",
    "civila": "Civilă",
    "tehnic": "Tehnic",
    "economic": "Economic",
    "juridic": "Juridic",
    **{word: word for word in ("al", "a", "ale", "de", "pentru", "cu", "din", "pe", "la", "sub")},
    "si": "și",
    "in": "în",
    "langa": "lângă",
}
NOMINATIVE = {
    "consiliului": "Consiliul",
    "primariei": "Primăria",
    "primarului": "Primarul",
    "directiei": "Direcția",
    "serviciului": "Serviciul",
    "compartimentului": "Compartimentul",
    "biroului": "Biroul",
    "municipiului": "Municipiul",
    "orasului": "Orașul",
    "comunei": "Comuna",
    "sectorului": "Sectorul",
    "judetului": "Județul",
    "inspectoratului": "Inspectoratul",
    "ministerului": "Ministerul",
    "politiei": "Poliția",
    "institutiei": "Instituția",
}
GENITIVE = {
    "municipiul": "Municipiului",
    "orasul": "Orașului",
    "comuna": "Comunei",
    "sectorul": "Sectorului",
    "judetul": "Județului",
}

# Words that never stand inside a person's or a place's name.
NAME_STOPS = frozenset(
    """
    adresa aprobat art articolul arhitect catre cif ci cnp cod codul com compartimentul comuna
    comunei consilier consiliul consiliului contract contrasemneaza cu cui data din directia
    director domiciliat domiciliata domnul doamna dispozitie dispozitia email fax functionar
    hotarare hotararea intocmit inspector jud judet judetul judetului legea localitatea mun
    municipiul municipiului nr nascut nascuta obiectul oras orasul orasului posesor prefect
    presedinte presedintele primar primaria primariei primarul primarului privind referat
    romania satul sc sector sectorul sectorului sef secretar semnatura seria serviciul srl sa
    stimate str strada subsemnatul subsemnata tel telefon viceprimar hotaraste dispune anexa
    avand vazand temeiul conform baza urmare general legalitate sedinta pentru si in de la
    secretarul secretara cl cj semnatar solicitant titular proprietar reprezentant administrator inginer arhiva total calitatea varsta
    """.split()
)

FIRST_NAMES = frozenset(
    """
    achim adam adela adelin adelina adina adrian adriana afrodita agnes alexandra alexandru
    alexe alin alina alis amalia ana anastasia anca andra andreas andreea andrei angela anghel
    anisoara anita antoaneta anton antonia ariadna arina attila augustin aura aurel aurelia
    aurelian aurica aurora axinia barbu beatrice beniamin bianca bogdan brandusa calin camelia
    camil carla carmen carol carolina casandra catalin catalina catinca catrina catrinel
    cecilia cezar cezara ciprian clara claudia claudiu clement cleopatra codrin codruta
    constanta constantin constantina corina cornel cornelia cosmin cosmina costel costin crina
    cristi cristian cristiana cristina cristinel csaba dacian daciana damian dan dana daniel
    daniela dariu darius david decebal delia denisa despina diana dimitrie dinu dochia doina
    domnica domnita dora dorel dorin dorina doroteea doru draga dragos dumitra dumitru
    ecaterina edith eduard efrem elena eleonora elisabeta elvira emanuel emanuela emil emilia
    emiliana erika ernest estera eufrosina eugen eugenia eva evelina fabian fanica felicia
    ferenc filip filofteia filoteia flavia flaviu flavius floarea florea florentin florentina
    florian florica florin florina frusina gabi gabriel gabriela gavril gavrila genoveva
    george georgeta georgiana georgica gheorghe gheorghita gherasim gherghina ghita gina
    gratian grigoras grigore grigoriu gyorgy haralambie hermina horatiu horia hortensia iacob
    iancu iasmina ieremia ignat ilarion ileana ilie ilinca ilona imre ioachim ioan ioana ion
    ionel ionela ionica ionut iordache iosefina iosif irina isabela istvan iulia iulian
    iuliana iuliu ivan izabela jan jana janos jean jeni jenica jozsef judit ladislau larisa
    laszlo laura laurentiu lavinia lazar lenuta leon leonard leonida leontin leontina letitia
    lidia ligia liliana livia liviu loredana lorena lorin luca lucia lucian luciana lucica
    lucretia ludmila ludovic luminita lupu macarie madalina magda magdalena manole manuela
    mara marcel marcela margareta mari maria marian mariana maricica marilena marin marina
    marinela marioara mariuca marius marta matei matilda maxim maximilian melania melinda
    mihaela mihai mihail mihaita mihnea mina minodora mirabela mircea mirela miron miruna
    mitica moise monica nadia narcis narcisa nastasia natalia natasa nechifor neculai nela
    nelu nestor nicanor nichita nicoara nicola nicolae nicoleta nicu nicusor nina norbert oana
    octav octavia octavian ofelia olga olimpia oprea otilia ovidia ovidiu pamfil pantelimon
    paraschiv paraschiva patricia paul paula pavel petre petrica petronel petronela petru
    pompiliu profira radu raluca ramona rares razvan rebeca reghina remus robert rodica roman
    romeo romina romulus roxana rozalia rusanda ruxandra sabin sabina safta samuel sanda
    sandor sandu sara sava savin sebastian septimiu serafim serban sergiu sever severin
    severina sidonia silvestru silvia silviu simina simion simona smaranda sofia sorin sorina
    spiridon stan stana stanca stancu stefan stefania stela stelian steliana steluta sultana
    suzana tamara tania tatiana teodor teodora tiberiu tinca tita titu titus toader toma
    traian tudor tudora tudorel ursula vadim valentin valentina valer valeria valeriana
    valeriu vasile vasilica vasilina vera vergil veronica versavia vicentiu victor victoria
    violeta viorel viorela viorica virgil virginia vlad vladimir vladut voica xenia zaharia
    zaharie zamfir zenovia zina zita zoe zoltan
    """.split()
)

COUNTIES = """
    Alba Arad Argeș Bacău Bihor Bistrița-Năsăud Botoșani Brașov Brăila București Buzău
    Caraș-Severin Călărași Cluj Constanța Covasna Dâmbovița Dolj Galați Giurgiu Gorj Harghita
    Hunedoara Ialomița Iași Ilfov Maramureș Mehedinți Mureș Neamț Olt Prahova Sălaj Sibiu Suceava
    Teleorman Timiș Tulcea Vaslui Vâlcea Vrancea
""".split()
CITIES = """
    Cluj-Napoca Craiova Drobeta-Turnu Iași Oradea Pitești Ploiești Reșița Târgoviște Timișoara
    Satu-Mare Slobozia Zalău Focșani Deva România
""".split()
