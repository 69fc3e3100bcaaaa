# ruff: noqa: SIM905 - word lists are read and edited as text
"""Given names and surnames in use in Romania, folded; common knowledge, from no person's data."""

from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from pipeline.metadata.text.vocabulary import FIRST_NAMES
from pipeline.privacy.finding.names.given import NAMES

GIVEN = (
    FIRST_NAMES
    | NAMES
    | frozenset(
        """
    ada adelaida adnana adonis aglaia agripina aida alberto albert aleca alecu aleksandra alesia
    alessia alexandrina alexia alice alida alma alois amelia ami amira anca-maria andre andrada
    andreea-maria andrei-ioan aneta angelica angelo anisia anuta apostol argentina aristide aritina
    arpad arsenie artur arthur aspazia atena augusta aurelian aurelius aurica aurora axenia axente
    balint barna bela benjamin benone benoni bernadett bettina blanca boglarka bogdana botond brigita
    bujor calina calinica caliopi carina carmina casiana cassandra catalina-elena celestina celina
    cerasela cesar chira chiril chiriac cicerone ciprian-ion clement coca codruta codrut constanta
    coralia corneliu cosmina-maria costache costica costinel cristea cristofor cristoiu dafina dalia
    damaris daneta danut danuta darie dea debora demetra denis dezideriu dezso diaconu didina
    dimitru dimitrie dina dinca dionisie dominic dominique donka dorian doriana dorinel dorul dragan
    dragomir dragoslav duta ecaterina-maria edgar edmond eduarda efta efim eftimie elefterie elisa
    elisaveta eliza ella elisei emanoil emese emilian emiliu emma endre enache eniko erick
    erik erna erno ersilia erwin erzsebet eufemia eugenia-maria eusebiu evdochia evghenia evanghelia
    fane felix ferdinand fevronia filareta filica filimon fira firuta florentin florica-maria floricica
    florinel franciska franz friedrich fulga gabor galina gavriil gelu gena gentiana geo geanina
    geanina georgel georgeta-elena geta ghenadie gheorghina gherghe gicu gigel gigi gilda giulia
    giuliana giorgiana gligor glicheria gratiela grete grigorie gruia gusti hajnal hanna hans
    hans-peter haralamb heidi heinrich helena helga helmut henrieta herbert hildegard horea horst hugo
    iancu iasmin ibolya ica ida idiko ieronim ildiko ilarie iles ilinca-maria ilona-maria ilies ilisei
    inga ingrid inocentiu ioanichie ioana-maria ionatan ionita iosif-ioan iova irma irinel isac isaia
    isidor ismail iuliana-maria iurie iustin iustina iustinian ivanca ivona jacob jaques janeta jasmina
    jaroslav jiri joan johann johanna josefina josif julia julian juliana juliu karin karina karl
    karoly kata katalin kati kinga klara klaus kristian kristof ladislav lajos lara lascar laurean
    laurentia lavrentie leana lehel leila lelia lena leo leonora leontie letitia-maria levente lia
    licuta lidija lili lilia lilian liliana-maria lina linda livius liza lizeta loghin lona lorand
    lorena-maria loti lucas lucretiu ludovica luiza luminita-maria lupita lusia lutica madlen magdolna
    mahmud maia malina malvina manda manea manuel marcelin marcelina marcu marga margit margot
    marianca mariana-elena mariean marica marieta marijana marilena-maria mario mariora maricel
    marilen marinel marinica marioara-elena maritza marta-maria martin martina matilda-maria maxima
    maximiliana medeea mehmed melitta mercedes miclaus mihaela-maria mihailo miklos milan milena mili
    milica minodor miodrag mioara mircica mirel mirica mitel mitruta modest modesta moldovan monika
    mugur mugurel muresan musa mustafa nada nadejda nae nastase natalita neagu neculae nelia nelida
    nelica nelly nelut nely neluta nevena nicolaie nicolas nicolina nicolita nicuta nicu-daniel niculae
    niculai niculina niculita niko noemi noemia nora noua norica odeta ofelia-maria oleg olga-maria
    olimpiu olivia oliver olivian onisim onoriu onut orlando oriana orsolya oskar osman otto ottilia
    ozana pahomie pal pandele panait paraschiva-maria pascal pascu pati patru patriciu patru paulian
    paulica paulina paun pavelina peter petria petrina petrisor petrus petrut petruta peti piroska
    pius platon plesa polina pop poliana polixenia porfir preda procopie puiu rada radita radivoi rafael
    rafila raisa ramon ramona-maria rares-andrei raul raveca raveta rebecca reka relu renata rene
    reta ricardo rica richard rita rita-maria roberta roberto robertino rodion rodi roland rolland
    romanita romel romelia romica romulica rosalia rosana roxelana roza rozica rozina rudolf rusalin
    rut ruth sabau sabrina salomeea salomia samson samoil samuil sandel sandica sandina sandrino sanziana
    saveta savel saveria selim selma senica septimia serghei sergio sevastita sevasti sevastian silvan
    silvana silvian silviana silvica simeon simionica simon simone sinziana sipos smaragda snejana
    sofian sofica sofron soltana sonia sorana sorel sorinel stancuta stanica stanislav stefanel
    stefanita stefan-daniel stefi steliana-maria stelica stella suse svetlana szabolcs szilard
    szilvia tabita taisia tamas tanase tanasie tasia tatomir tavi tea teodosia teodosie teofil teofila
    teresia tereza terezia theodor theodora thomas tibor tiberia timea timotei tincuta tita toma toni
    tony traianus trandafir trandafira tudora-maria tudorache tudorica tudorita tudose ulpiu uta
    vanda vanghele varvara vasia vasilache vasile-ioan vasilena vasilia vasilisa vasilita vasilka
    vasluianca vera-maria verginica verginel verginia veronica-maria veta veturia vica victoras
    victorita victoritza vilhelm vilma vioara vioreta viorica-maria viola violina virgilia virgiliu
    virginel visarion vissarion vivia viviana vladislav vladuta voicu voichita voinea vsevolod walter
    wanda werner wilhelm willi xenofon yvonne yolanda zamfira zamfirica zenobia zenovie zenovia zeno
    zina-maria zinica zoica zoia zoltan-istvan zorica zsigmond zsofia zsolt zsuzsa zsuzsanna
    alex andi edi eli flori gelu gigi lenus mariuta niculaie oliviu ovi puica sandi silvi stefania-maria
    amina ayan efraim eva-maria fatima florenta hasan husein iusuf kemal leyla medina memet merve omer
    """.split()
    )
)
SURNAMES = frozenset(
    """
    achim albu aldea aldescu alexa alexandru alexe andrei andronache anghel antal antohe anton apostol
    ardelean arsene asavei avram baciu badea balan balasa balint balogh baltag banica barbu barsan bejan
    bele benedek bercea berar berindei bica birsan boboc bodea bodnar bogdan boghian boicu bonta bors
    borza botezatu bota bran bratu bucur budau bugnar buga buta butnaru buzatu calin campean cana
    cazacu cazan cernat chelaru chereches chira chiriac chirila chis chitu ciobanu ciobotaru ciocan
    ciocoiu ciolac cirstea ciubotaru ciuca ciurea cojocaru coman condrea constantin corbu cornea costache
    costea costin covaci covaciu cozma craciun cretu creanga crisan cristea croitoru cucu cuc curelea
    cusnir dan danciu danila datcu deac deaconu dediu diaconu dima dinca dinu dobre dogaru dobos
    dragan dragomir dragu dragut draghici dubau duca duma dumitrache dumitru dumbrava duta enache ene
    fabian farcas farkas fazakas fekete ferencz filip filimon firoiu florea florian florica focsa
    frincu frunza fulop gal gabor ganea gavril gavrila georgescu gherman gheorghe ghita gherghe ghinea
    ghinescu giurgiu gliga goga goia golban gora grama grecu grigore groza grosu gyorgy hanganu harja
    hategan hirtie hodor horea horvath hriscu hurmuzache iacob iacobescu iancu ichim ifrim ilie ilies
    ion ionita iordache iosif irimia isac ispas istrate ivan ivanov jitaru jianu juncu kadar kelemen
    kerekes keller kiss kocsis kovacs kun lacatus lakatos lazar leca lefter lengyel leonte lica luca
    luchian lungu lupu lupascu macovei maftei maier man manea manole manolache marcu marcus marian marin
    marinescu maris marginean martin matache matei mathe melinte mihai mihail mihalache mihalcea miclea
    miclaus mielu minea miron mirea mitrea mitroi mocanu mogos moise moldovan molnar morar moraru mortan
    mosneagu mot motoc munteanu muntean muresan murariu mures musat nae nagy nastase neacsu neagoe neagu
    necula nechita nedelcu negoita negrea negru nemes nica nichita nicoara nicolae nicula nita nistor
    novac oancea olah olaru oltean olteanu onea oprea opris orban oros ostafe pal palade pana panait
    pandele pantea papp pascu pasca pasare patrascu paun pavel pavlov petcu peter petre petrea petrisor
    pintea pinzaru pirvu pirvan plesca pop popa popica popovici porumb postolache preda predoiu prodan
    prunea puiu purcaru puscas racz rad radu rafa raicu rat ratiu roman rosca rosu rotar rotaru rus rusu
    rusnac sabau sandor sandru sandu sas sava savu sarbu sarb scarlat schiopu selaru serb serban sfetcu
    silaghi silvestru simion simon sima sirbu sipos soare solomon soos sorescu spataru stan stana stanca
    stanciu stancu staicu state stefan stoian stoica stoleru stroe suciu surdu szabo szasz szekely szilagyi
    tamas tanase tataru teodor toader todea toma tomsa toth trandafir trif trifan trifu tudor tudorache
    tudose turcu turcan ungur ungureanu ursache ursu ursache vaida varga vasile vasiliu veres vlad vladu
    vlaicu voicu voiculet voinea vrabie zaharia zamfir zamfira zaharie zidaru zlate weber wagner schmidt
    muller klein schneider fischer becker hoffmann bauer
    """.split()
)
_ENDINGS = ("escu", "eanu", "ianu", "oiu", "ache", "ovici", "evici", "iuc", "aru", "schi")
FUZZY = 5  # letters


@lru_cache(maxsize=65_536)
def given_name(core: str) -> str:
    """The given name that a small folded word is, or was before one slip; or nothing."""
    if core in GIVEN:
        return core
    mended = core.replace("0", "o").replace("1", "i").replace("5", "s")
    if mended in GIVEN:
        return mended
    if core[:1] == "l" and "i" + core[1:] in GIVEN:
        return "i" + core[1:]
    if len(core) < FUZZY:
        return ""
    best = process.extractOne(core, _LONG, scorer=Levenshtein.distance, score_cutoff=1)
    return str(best[0]) if best else ""


_LONG = tuple(sorted(name for name in GIVEN if len(name) >= FUZZY))


@lru_cache(maxsize=65_536)
def is_surname(core: str) -> bool:
    """Whether a small folded word is a common surname or ends as surnames do."""
    return core in SURNAMES or (len(core) > FUZZY and core.endswith(_ENDINGS))


def parts(core: str) -> tuple[str, ...]:
    """The names of a double name."""
    return tuple(part for part in core.split("-") if part)


def has_given(core: str) -> bool:
    """Whether a word, or a half of it, is a given name."""
    return any(given_name(part) for part in parts(core))


def has_surname(core: str) -> bool:
    """Whether a word, or a half of it, is a surname."""
    return any(is_surname(part) for part in parts(core))
