"""Forms of a word meet, other words do not: the tables that the keys are held to."""

from itertools import combinations

import pytest

from search.analysis import tokens

# One word a line, its forms as they are printed: indefinite, definite, genitive, plural, old spelling.
PARADIGMS = """
hotărâre hotărârea hotărârii hotărâri hotărârile hotărârilor hotărîre hotărîri hotarare hotararilor hotarire hotaririlor HOTĂRÂREA hotărîrilor
stradă strada străzii străzi străzile străzilor strazi strazile
clădire clădirea clădirii clădiri clădirile clădirilor cladirilor
autorizație autorizația autorizației autorizații autorizațiile autorizațiilor autorizatiilor autorizaţie
primar primarul primarului primari primarii primarilor
primărie primăria primăriei primării primăriile primăriilor
oraș orașul orașului orașe orașele orașelor oraşului
școală școala școlii școli școlile școlilor şcoală scoala scolilor
lege legea legii legi legile legilor
cerere cererea cererii cereri cererile cererilor
petiție petiția petiției petiții petițiile petițiilor petitie
locuință locuința locuinței locuințe locuințele locuințelor
consiliu consiliul consiliului consilii consiliile consiliilor
consilier consilierul consilierului consilieri consilierii consilierilor
cetățean cetățeanul cetățeanului cetățeni cetățenii cetățenilor
ședință ședința ședinței ședințe ședințele ședințelor
teren terenul terenului terenuri terenurile terenurilor
imobil imobilul imobilului imobile imobilele imobilelor
parcelă parcela parcelei parcele parcelele parcelelor
proprietate proprietatea proprietății proprietăți proprietățile proprietăților
proprietar proprietarul proprietarului proprietari proprietarii proprietarilor
contract contractul contractului contracte contractele contractelor
bun bunul bunului bunuri bunurile bunurilor
drept dreptul dreptului drepturi drepturile drepturilor
venit venitul venitului venituri veniturile veniturilor
impozit impozitul impozitului impozite impozitele impozitelor
taxă taxa taxei taxe taxele taxelor
buget bugetul bugetului bugete bugetele bugetelor
cheltuială cheltuiala cheltuielii cheltuieli cheltuielile cheltuielilor
plată plata plății plăți plățile plăților
sumă suma sumei sume sumele sumelor
cont contul contului conturi conturile conturilor
factură factura facturii facturi facturile facturilor
măsură măsura măsurii măsuri măsurile măsurilor
procedură procedura procedurii proceduri procedurile procedurilor
structură structura structurii structuri structurile structurilor
semnătură semnătura semnăturii semnături semnăturile semnăturilor
pădure pădurea pădurii păduri pădurile pădurilor
lucrare lucrarea lucrării lucrări lucrările lucrărilor
lucru lucrul lucrului lucruri lucrurile lucrurilor
drum drumul drumului drumuri drumurile drumurilor
pod podul podului poduri podurile podurilor
parc parcul parcului parcuri parcurile parcurilor
parcare parcarea parcării parcări parcările parcărilor
șosea șoseaua șoselei șosele șoselele șoselelor
alee aleea aleii alei aleile aleilor
piață piața pieței piețe piețele piețelor
cartier cartierul cartierului cartiere cartierele cartierelor
bloc blocul blocului blocuri blocurile blocurilor
scară scara scării scări scările scărilor
etaj etajul etajului etaje etajele etajelor
apartament apartamentul apartamentului apartamente apartamentele apartamentelor
casă casa casei case casele caselor
curte curtea curții curți curțile curților
apă apa apei ape apele apelor
canal canalul canalului canale canalele canalelor
rețea rețeaua rețelei rețele rețelele rețelelor
gard gardul gardului garduri gardurile gardurilor
perete peretele peretelui pereți pereții pereților
fereastră fereastra ferestrei ferestre ferestrele ferestrelor
ușă ușa ușii uși ușile ușilor
poartă poarta porții porți porțile porților
piatră piatra pietrei pietre pietrele pietrelor
cuvânt cuvântul cuvântului cuvinte cuvintele cuvintelor cuvînt cuvîntul
învățământ învățământul învățământului învățămînt invatamint
pământ pământul pământului pământuri pămînt pamint
mormânt mormântul mormântului morminte mormintele mormintelor mormînt
număr numărul numărului numere numerele numerelor
dosar dosarul dosarului dosare dosarele dosarelor
document documentul documentului documente documentele documentelor
act actul actului acte actele actelor
registru registrul registrului registre registrele registrelor
dispoziție dispoziția dispoziției dispoziții dispozițiile dispozițiilor
decizie decizia deciziei decizii deciziile deciziilor
ordin ordinul ordinului ordine ordinele ordinelor
adresă adresa adresei adrese adresele adreselor
adeverință adeverința adeverinței adeverințe adeverințele adeverințelor
certificat certificatul certificatului certificate certificatele certificatelor
declarație declarația declarației declarații declarațiile declarațiilor
dovadă dovada dovezii dovezi dovezile dovezilor
notificare notificarea notificării notificări notificările notificărilor
sesizare sesizarea sesizării sesizări sesizările sesizărilor
reclamație reclamația reclamației reclamații reclamațiile reclamațiilor
serviciu serviciul serviciului servicii serviciile serviciilor
direcție direcția direcției direcții direcțiile direcțiilor
birou biroul biroului birouri birourile birourilor
compartiment compartimentul compartimentului compartimente compartimentele compartimentelor
comisie comisia comisiei comisii comisiile comisiilor
secretar secretarul secretarului secretari secretarii secretarilor
director directorul directorului directori directorii directorilor
funcționar funcționarul funcționarului funcționari funcționarii funcționarilor
ministru ministrul ministrului miniștri miniștrii miniștrilor
membru membrul membrului membri membrii membrilor
persoană persoana persoanei persoane persoanele persoanelor
familie familia familiei familii familiile familiilor
copil copilul copilului copii copiii copiilor
femeie femeia femeii femei femeile femeilor
bărbat bărbatul bărbatului bărbați bărbații bărbaților
om omul omului oameni oamenii oamenilor
tânăr tânărul tânărului tineri tinerii tinerilor tînăr tinar
bătrân bătrânul bătrânului bătrâni bătrânii bătrânilor bătrîn batrin
elev elevul elevului elevi elevii elevilor
student studentul studentului studenți studenții studenților
an anul anului ani anii anilor
lună luna lunii luni lunile lunilor
zi ziua zilei zile zilele zilelor
săptămână săptămâna săptămânii săptămâni săptămânile săptămânilor săptămînă saptamina
termen termenul termenului termene termenele termenelor
public publică publici publice publicul publicului publicilor publicele
local locală locali locale localul localului localilor
municipal municipală municipali municipale municipalului
român română români române românul românului românilor romîn romin
românesc românească românești românescului
francez franceză francezi franceze francezului francezilor
verde verzi verdele verzii
mare mari marea mării marilor
nou nouă noi noua noul noului noilor
vechi veche vechea vechiul vechii
sunt sînt sint
fântână fântâna fântânii fântâni fântânile fântânilor fîntînă fintina
câmp câmpul câmpului câmpuri câmpurile câmpurilor cîmp
râu râul râului râuri râurile râurilor rîu
târg târgul târgului târguri târgurile târgurilor tîrg tirg
vânzare vânzarea vânzării vânzări vânzările vânzărilor vînzare vinzari
hârtie hârtia hârtiei hârtii hârtiile hârtiilor hîrtie hirtie
sfârșit sfârșitul sfârșitului sfîrșit sfirsit
municipiu municipiul municipiului municipii municipiile municipiilor
județ județul județului județe județele județelor
comună comuna comunei comune comunele comunelor
sat satul satului sate satele satelor
sector sectorul sectorului sectoare sectoarele sectoarelor
spital spitalul spitalului spitale spitalele spitalelor
grădiniță grădinița grădiniței grădinițe grădinițele grădinițelor
grădină grădina grădinii grădini grădinile grădinilor
cimitir cimitirul cimitirului cimitire cimitirele cimitirelor
liceu liceul liceului licee liceele liceelor
muzeu muzeul muzeului muzee muzeele muzeelor
bibliotecă biblioteca bibliotecii biblioteci bibliotecile bibliotecilor
biserică biserica bisericii biserici bisericile bisericilor
mașină mașina mașinii mașini mașinile mașinilor
vehicul vehiculul vehiculului vehicule vehiculele vehiculelor
autobuz autobuzul autobuzului autobuze autobuzele autobuzelor
transport transportul transportului transporturi transporturile transporturilor
câine câinele câinelui câini câinii câinilor cîine cîini
pom pomul pomului pomi pomii pomilor
gunoi gunoiul gunoiului gunoaie gunoaiele gunoaielor
iluminat iluminatul iluminatului
construcție construcția construcției construcții construcțiile construcțiilor
urbanism urbanismul urbanismului
regulament regulamentul regulamentului regulamente regulamentele regulamentelor
articol articolul articolului articole articolele articolelor
alineat alineatul alineatului alineate alineatele alineatelor
anexă anexa anexei anexe anexele anexelor
tabel tabelul tabelului tabele tabelele tabelelor
model modelul modelului modele modelele modelelor
plan planul planului planuri planurile planurilor
proiect proiectul proiectului proiecte proiectele proiectelor
preț prețul prețului prețuri prețurile prețurilor
licitație licitația licitației licitații licitațiile licitațiilor
concurs concursul concursului concursuri concursurile concursurilor
ajutor ajutorul ajutorului ajutoare ajutoarele ajutoarelor
pensie pensia pensiei pensii pensiile pensiilor
indemnizație indemnizația indemnizației indemnizații indemnizațiile
leu leul leului lei leii leilor
moștenitor moștenitorul moștenitorului moștenitori moștenitorii moștenitorilor
judecată judecata judecății judecăți judecățile judecăților
sentință sentința sentinței sentințe sentințele sentințelor
instanță instanța instanței instanțe instanțele instanțelor
parte partea părții părți părțile părților
carte cartea cărții cărți cărțile cărților
noapte noaptea nopții nopți nopțile nopților
floare floarea florii flori florile florilor
soră sora surorii surori surorile surorilor
frate fratele fratelui frați frații fraților
nume numele numelui numelor
câștig câștigul câștigului câștiguri câștigurile cîștig
întâlnire întâlnirea întâlnirii întâlniri întîlnire intilnire
"""

APART = """
casă caz; casa cazul; lege legumă; mare mărire; parc parcare; port poartă; portul porții; primar primărie
primarul primăria; cod coadă; pod podea; oraș orar; școală scor; stradă strat; strada strai; sat satir
bun bunic; bunuri bunică; drum dramă; act activ; acte activitate; anul anexă; apă apel; ape apeluri
lucru lucrare; plată plat; plan plantă; planuri plante; venit ventil; venituri ventilator; cont contract
conturi contracte; contor contur; drept dreptunghi; taxă taxi; sumă sumar; buget bucată; piață piatră
piețe pietre; lună lunetă; zi zid; om omletă; fată fătare; carte cartier; cărți cartiere; parte partid
părți partide; masă măsură; mese măsuri; cultură cult; culturi culte; natură nat; factură fapt
structură strung; figură fig; model mod; modele moduri; tabel tablă; tabele table; castel cast; parcelă parc
parcele parcuri; imobil imob; hotel hotar; hotărâre hotar; hotărâri hotare; consilier consiliu
consilieri consilii; comună comisie; comunist comun; director direcție; directori direcții; secretar secret
secretari secrete; ministru minister; membru membrană; sector secție; spital spațiu; grădină grad
gradină grădiniță; liceu lic; muzeu muză; alee ales; idee ideal; cheie chelner; foaie foame; cale cal
vale val; proprietar proprietate; funcționar funcție; judecător judecătorie; dosar dos; document documentar
registru regiune; registre regiuni; adresă adrenalină; certificat certitudine; dovadă dovleac; pădure pod
pâine pin; câine cine; vânt vin; târg tragere; român romanță; sfânt sfat; rând ruină; leu lege
ajutor ajun; floare flotă; soră soare; frate fraudă; nume număr; concurs concret; pensie pensulă
serviciu servietă; termen termic; gard gardă; ușă uz; bloc blocaj; scară scarlatină; etaj etalon
2016 2015; 25 26
""".replace("\n", ";")


def meet(one: str, other: str) -> bool:
    left, right = tokens(one)[0], tokens(other)[0]
    return left.fold == right.fold or not set(left.keys).isdisjoint(right.keys)


LINES = [line.split() for line in PARADIGMS.strip().splitlines()]
PAIRS = [tuple(pair.split()) for pair in APART.split(";") if pair.strip()]


@pytest.mark.parametrize("forms", LINES, ids=lambda forms: forms[0])
def test_every_form_meets_every_other(forms):
    assert [pair for pair in combinations(forms, 2) if not meet(*pair)] == []


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_other_words_stay_apart(pair):
    assert not meet(*pair)


def test_the_tables_are_large_enough():
    assert len(LINES) >= 150
    assert len(PAIRS) >= 100


def test_few_words_of_the_table_are_taken_for_another():
    """A form shared by two words is allowed (copii); a key shared by two whole lines is a mistake."""
    confused = [
        (one[0], other[0]) for one, other in combinations(LINES, 2) if meet(one[0], other[0])
    ]

    assert confused == []
