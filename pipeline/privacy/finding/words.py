# ruff: noqa: SIM905 - word lists are read and edited as text
"""Words by which the finders know what stands beside them; small letters, no diacritics."""

OFFICES = frozenset(
    """
    primar primarul primarului viceprimar viceprimarul viceprimarului secretar secretarul secretara
    secretarului secretarei presedinte presedintele presedintelui presedinta consilier consilierul
    consilierii consilieri consilierului consilierilor consiliera inspector inspectorul inspectorului
    inspectori inspectorii inspectoare sef seful sefului director directorul directorului directoare
    arhitect-sef arhitectul-sef intocmit verificat aprobat aprob
    avizat avizez contrasemneaza contrasemnat conducatorul conducator referent referentul referentului
    constatat redactat vizat vazut prefect prefectul prefectului subprefect subprefectul ministru
    ministrul ofiter ofiterul functionar functionarul functionarului initiator initiatorul primit
    administratorul-public
    comandant comandantul politist politistul agent agentul
    judecator judecatorul grefier grefierul procuror procurorul rector decan
    achizitor achizitorul ordonator comisar comisarul purtator purtatorul
    ordonatorul bibliotecar registrator arhivar arhivarul emitent
    manager managerul managerului
    emitentul semneaza legalitate receptionat intocmita intocmi sefa adjunct
    """.split()
)
"""Who holds an office, and what officials write beside their names."""

PRIVATE = frozenset(
    """
    subsemnatul subsemnata subsemnatii subsemnatele subsemnatului subsemnatei domnul domnului doamna
    doamnei domnisoara domnisoarei domnii doamnele domnilor doamnelor dl dna d-na d-nei d-nul d-l
    d-lui dlui dnei dnul d-nii dsoara numitul numita numitului numitei numitii numitilor numitelor petent petentul petenta
    petentului petentei petitionar petitionarul petitionara petitionarului solicitant solicitantul
    solicitanta solicitantului solicitantei titular titularul titulara titularului titularei
    beneficiar beneficiarul beneficiara beneficiarului beneficiarei contribuabil contribuabilul
    contribuabila contribuabilului contribuabilei martor martorul martora martorului martori martorii
    mostenitor mostenitorul mostenitori mostenitorii mostenitorilor mostenitoarea proprietar
    proprietarul proprietara proprietarului proprietarei proprietari proprietarii coproprietar
    reclamant reclamantul reclamanta reclamantului reclamantei parat paratul parata debitor debitorul
    debitorului creditor creditorul chirias chiriasul chiriasului chiriasi locatar locatarul
    locatarului sot sotul sotului sotia sotiei sotie fiul fiului fiica fiicei copil copilul copilului
    copii copiii copiilor minor minorul minorului minora minorei mama mamei tata tatal tatalui parinte
    parintele parintelui parinti parintii parintilor bunic bunicul bunica nepot nepotul nepoata frate
    fratele sora tutore tutorele curator defunct defunctul defunctului defuncta defunctei decedat
    decedatul decedata delegat delegatul delegatului administrator administratorul administratorului
    reprezentant reprezentantul reprezentantului reprezentata reprezentat reprezentati furnizor
    furnizorul prestator prestatorul executant executantul semnatura semnaturi semnaturile semnatar
    semnatarul nascut nascuta domiciliat domiciliata cetatean cetateanul cetateanului cetateanca
    posesor posesoare posesorul vanzator vanzatorul cumparator cumparatorul donator donatorul
    angajat angajatul angajatului salariat salariatul salariatului asistat asistatul pensionar
    persoana persoanei elev elevul eleva elevului student studentul studenta pacient pacientul
    pacienta pacientului bolnav bolnavul bolnavului asigurat asiguratul asiguratului invinuit
    invinuitul inculpat inculpatul inculpatului contravenient contravenientul contravenientului
    declarant declarantul declaranta apelant intimat intimatul intimata mandatar mandatarul
    imputernicit imputernicitul imputernicita avocat avocatul cunostinta stimate stimata
    numele prenumele identificat identificata legitimat legitimata divortat divortata
    chemat numit expeditor expeditorul destinatar destinatarul client clientul abonat abonatul
    logodnic concubin concubinul concubina ginere nora cumnat varul unchi matusa
    intretinator intretinatorul ruda familiei
    vecin vecinul vecinului vecina vecinei vecini vecinii vecinilor castigator castigatorul
    castigatoare castigatoarea castigatori castigatorii adjudecatar adjudecatarul adjudecatarului
    adjudecatari adjudecatarii ofertant ofertantul ofertantului ofertanti ofertantii concesionar
    concesionarul concesionarului superficiar superficiarul arendas arendasul arendasului arendasi
    arendasii cumparatorului cumparatori cumparatorii cumparatoarea vanzatorului vanzatori
    vanzatorii vanzatoarea uzufructuar uzufructuarul donatar donatarul donatorului candidat
    candidatul candidata candidatului candidatei candidati candidatii
    """.split()
)
"""Who a private person is to the town hall or to another, and how one is addressed."""

CALLED = frozenset(
    """
    subsemnatul subsemnata subsemnatii subsemnatele subsemnatului subsemnatei domnul domnului doamna
    doamnei domnisoara domnisoarei domnii dl dna d-na d-nei d-nul d-l d-lui dlui dnei dnul numitul
    numita numitului numitei numitii numitilor numitelor delegat delegatul martor martorul prenumele petent petentul petenta
    petentului petentei solicitantul solicitanta solicitantului solicitantei defunctul defunctului
    defuncta defunctei minorul minora minorului minorei
    """.split()
)
"""Of those, the words that are as a rule followed by a name."""

DONE = frozenset(
    """
    intocmit verificat aprobat aprob avizat avizez contrasemneaza contrasemnat constatat redactat
    vizat vazut primit receptionat semneaza intocmita intocmi
    """.split()
)
"""Of those, what was done with a paper; in a sentence they tell nothing of who is named next."""

HEADINGS = frozenset(
    """
    dispecer dispecerul jurist juristul contabil contabilul contabila arhitect arhitectul casier casierul responsabil
    responsabilul coordonator coordonatorul notar notarul membru membri membrii
    """.split()
)
"""Offices as headings over signatures; in a sentence they may be anybody's trade."""

ANYWHERE = frozenset(
    """
    presedinte presedintele presedintelui presedinta director directorul directorului directoare
    secretar secretarul secretara
    """.split()
)
"""Offices that firms and associations have too."""
BODIES = frozenset(
    """
    asociatie asociatia asociatiei proprietari proprietarilor locatari locatarilor srl s.r.l sa s.a
    societate societatea societatii firma firmei prestator prestatorul prestatorului furnizor
    furnizorul executant executantul executantului constructor constructorul antreprenor
    antreprenorul bloc blocului fundatia fundatiei club clubul clubului sindicat sindicatul
    sindicatului cooperativa cooperativei parohiei parohia
    """.split()
)
"""Firms and associations: who leads one holds no public office."""

HONORIFICS = frozenset("domnul doamna domnisoara domnii doamnele dl dna d-na d-nul d-l".split())
"""What an office's title may stand before: "consilieri: dl. …"."""

SUBSIDIARY = frozenset(
    """
    de ai al ale a la si sub in cu pentru general generala executiv executiva public publica local
    locala locali adjunct sedinta sedintei serviciu serviciului birou biroului compartiment
    compartimentului legalitate legalitatea principal superior asistent debutant fiscal fiscala
    organului institutiei instituiei unitatii directie directiei economic economica juridic juridica
    tehnic tehnica cabinet cabinetul stare civila civil judetean comunei orasului municipiului
    sectorului consiliului locul p inspectie control taxe impozite urbanism agricol contabil sef
    principala cuvant formatie formatiei personal resurse umane am luat prezenti absenti alesi votanti supleanti titulari
    insp jr jrs ing arh ec dr prof exec gen
    """.split()
)
"""Words inside an office's title or beside a signature; they change nothing."""

HOME = frozenset(
    """
    domiciliat domiciliata domiciliati domiciliate domiciliul domiciliului domiciliu domiciliaza
    locuiesc locuieste locuind locuiti resedinta resident rezident rezidenta domicilia
    """.split()
)
STREETS = frozenset(
    """
    str strada strazii strazi bulevardul bulevardului bdul b-dul bd bld calea caii aleea aleei
    aleii al sos soseaua soselei piata pietei p-ta intrarea intrarii intr splaiul splaiului fundatura
    fundaturii fdt fundac drumul drumului prelungirea prel ulita ulitei cartierul cartier
    slr sir sfr stc strad strda shr sltr cal bvd bul b-dului stradela stradelei pasajul pasajului
    ulicioara ulicioarei mahalaua
    """.split()
)
STREETS_SURE = frozenset(
    """
    str strada strazii bulevardul bulevardului bdul b-dul bd bld calea aleea sos soseaua intrarea
    splaiul fundatura prelungirea ulita slr sir sfr stc
    """.split()
)
PARTS = frozenset(
    """
    nr bl sc et ap apt bloc blocul scara etaj etajul apartament apartamentul apart jud judet judetul
    judetului sector sectorul sectorului com comuna comunei sat satul satului oras orasul orasului mun
    municipiul municipiului loc localitatea numerele numerelor bis cod postal cp tronson corp cam camera parter mansarda
    numarul numar fn f.n lot ns hr bi b1 se ec ei ar ur ut zip romania intrarea blocului scarii
    etajului apartamentului garsoniera
    """.split()
)
FLAT = frozenset(
    """
    bl sc et ap apt bloc blocul blocului scara scarii etaj etajul etajului apartament apartamentul
    apartamentului apart garsoniera
    """.split()
)
AREAS = frozenset(
    """
    jud judet judetul judetului sector sectorul sectorului com comuna comunei sat satul satului oras
    orasul orasului mun municipiul municipiului loc localitatea
    """.split()
)
SITES = frozenset(
    """
    situat situata situate situati amplasat amplasata amplasate amplasament imobil imobilul imobilului
    imobile teren terenul terenului sediu sediul sediului punctul lucrari lucrarile zona zonei
    intersectia intersectie tronsonul parcul piata parcarea statia identificat obiectivul constructia
    parcela proprietatea reprezentanta filiala sucursala
    """.split()
)
INSTITUTIONS = frozenset(
    """
    primaria primariei primarie consiliul consiliului directia directiei serviciul biroul prefectura
    institutia scoala scolii scoli liceul liceului colegiul gimnaziala gradinita gradinitei spitalul
    spitalului teatrul teatrului biblioteca bibliotecii muzeul universitatea facultatea parohia
    biserica bisericii manastirea catedrala fundatia asociatia societatea societatii compania regia
    uzina fabrica firma magazinul hotelul restaurantul stadionul sala casa parcul palatul cinematograful
    monumentul bustul statuia premiul institutul academia banca ministerul inspectoratul agentia
    tribunalul judecatoria curtea sfantul sfanta sfintii sf cartierul bulevardul
    """.split()
)
FIRMS = frozenset("srl s.r.l sa s.a pfa ong snc s.n.c ra r.a srl-d".split())
STOPS = frozenset(
    """
    cnp c.n.p telefon tel telefonul mobil fax email e-mail mail seria serie posesor posesoare
    legitimat legitimata identificat identificata act actul actului carte cartea buletin buletinul
    avand nascut nascuta inregistrat inregistrata inregistrate subsemnatul subsemnata semnatura
    cui cif iban cont contul cunoscand declar declara solicit privind reprezentat reprezentata
    """.split()
)
"""Where an address is over."""

CUES = (
    OFFICES | PRIVATE | HEADINGS | HOME | SITES | STOPS | frozenset("cadrul strada judetul".split())
)
NO_CUES = frozenset(
    """
    adresa adresei aprobate aprobata aproba sefii locala locale local privata privat proba avizul
    avizele aviz avizele avizelor verifica verificate verificata verificati constata constatate
    constatare constatarea constatarii primite primita primire primirea primiri numele contur
    directia directiei directii directie inspectia inspectie inspectori persoane persoanelor
    titlul titularizare cererea cerere casare medicala medicale asistenta asistente registru
    registrul registrului consiliul consiliului consilii primaria primariei primari primarie
    solicita solicitat solicitate solicitari solicitarea solicitarile solicitarii solicitam
    beneficia beneficii beneficiaza proprietate proprietatii domeniul domeniului domeniu domnia
    domnie parinti locuinta locuintei locuinte locuintelor locuitorii locuitorilor executare
    executarea execute executa executie executiei declarat declarate declarata declaratie copiei
    copie copia membre agenti agentii vazand expertiza expertize emis emise emite sector
    situatie situatia situatiei terenuri terenurile teren imobilelor imobiliar lucrarea lucrarilor
    lucrare zone zonele zonal parcuri parcare parcari statii statie statiei identificare
    construit construita construite constructie constructii constructiei constructiilor reprezinta
    client avocati martie mandat mandatul resedinte resedinta
    plata platii platit platita seriile contului conturi conturile conturilor activ activul actele acte acelui
    """.split()
)
"""Real words that lie as near to a cue as a misreading would."""

NOT_NAMES = frozenset(
    """
    art articolul articol capitolul cap sectiunea anexa legea legii lege ordonanta ordonantei hotararea
    hotarare hotararii dispozitia dispozitie dispozitiei codul codului cod romania romaniei constitutia
    monitorul oficial guvernul guvernului parlamentul ministerul consiliul consiliului local judetean
    general primaria primariei primar comuna comunei orasul orasului oras municipiul municipiului
    judetul judetului sectorul sector directia directiei serviciul serviciului biroul biroului
    compartimentul compartimentului administrarea administratiei administratie domeniului domeniul
    public publica publice relatii cu publicul asistenta sociala impozite taxe locale fond funciar
    cadastru urbanism nr data catre ref subiect obiect obiectul privind referat raport proces verbal
    contract factura autorizatie autorizatia certificat certificatul cerere petitie declaratie adeverinta
    ancheta decizie decizia memoriu deviz lista tabel tabelul regulament regulamentul capitol total
    pagina pag tel telefon fax email cnp cui cif iban cont seria ci bi intrare iesire semnatura
    semneaza stampila copie conform original in la de pe din pentru prin sub spre dupa avand vazand
    analizand tinand luand constatand retinand potrivit conform urmare menționam mentionam va vă noi
    eu ei ea el sunt este se sa si nu dar iar daca cand unde cum care ce acest aceasta acesta prezenta
    prezentul prezentei situatia existenta propusa concluzii temeiul legal fundamentare impact
    financiar propunem regimul juridic economic tehnic avize acorduri necesare stimate stimata domnule
    doamna domnul ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie
    noiembrie decembrie luni marti miercuri joi vineri sambata duminica lei ron euro tva
    furnizor cumparator prestator achizitor beneficiar titular titularul solicitant solicitantul
    subsemnatul subsemnata domiciliul nume numele prenume prenumele adresa strada str calea aleea
    bulevardul piata bloc scara etaj apartament jud judet loc localitatea sat comuna
    bun plata certificat termen delegat auto seful sef intocmit verificat aprobat avizat contrasemneaza
    cladire cladirile teren terenul mijlocul transport plata inspector director consilier secretar
    presedinte presedintele viceprimar arhitect primarul secretarul am luat cunostinta martor anul
    valoare valoarea suprafata zona tarif denumirea denumire cantitate pret nume calitate calitatea
    toate orice nicio niciun fiecare lucrarile lucrari cheltuielile tarifele reclamatiile autorizatiile
    autorizatiile solicitarile cererile proprietarii evidenta controlul comisia membrii parcarile
    abonamentul locurile taxa impozitele sumele suma nivelurile colectarea veniturile datele dosarul
    drept consecinta totodata astept anexez declar revin doresc solicit cer rog stare civila sanatatea
    populatiei securitatea incendiu protectia mediului gaze naturale salubritate alimentare apa
    canalizare energie electrica posta internet politia spital spitalul scoala liceul gradinita
    hg hcl og oug pug puz pud puf cf cad srl sa sc pfa snc ong uat anaf ancpi ocpi dgaspc ajofm isu
    hotaraste dispune decide jr ing dr ec prof arh av dipl insp cons pr sing plt agt lt col cpt mr
    dsp apia igsu dgfp mapn mai ape romane electrica enel eon telekom engie transelectrica
    parter mansarda etajul ap bl nr sc et mp ha km kg buc
    sfantul sfanta sf nasterea adormirea buna ziua multumesc respect stima deosebita
    republica republicii socialista romane comitetul executiv popular sfatul raional regional
    bucuresti timisoara cluj iasi constanta brasov
    """.split()
)
"""Words that begin with a capital on such pages and are no part of a person's name."""

WRITTEN_GREAT = frozenset(
    """
    trezoreria trezorerie trezoreriei monitorului executivului secretariatul secretariatului
    program programul programului panoul panou vehicul vehiculul vehicule justificativ servicii
    compartiment telefonizare casa oferta impozit capacitate ocupatie asistent date baza partea
    mwh kwh kva mva nesecret ordinul ordinului contencios podetul podetului poz red crt obs um buc cant val dep
    decretul decretului registrul registrului oficiul oficiului registratura militia militiei
    maternitatea maternitatii comisariatul comisariatului notariatul notariatului penitenciarul
    penitenciarului cooperativa cooperativei intreprinderea intreprinderii farmacia farmaciei
    dispensarul dispensarului policlinica policlinicii sanatoriul sanatoriului publicitate imobiliara
    ajutor arendatori arendatorii olimpiada lic coop rez starii civile
    aa al alin art cf cpc dgrfp ghiseu hcl inreg lit mdrap mdlpa nnn oug pnrr ruc sirsup ue unesco
    primariei europei europene europa internet facebook google e-mail dvs dumneavoastra dv
    """.split()
)
"""Short forms and names that are nobody's and stand in no list of words."""

NAMING = frozenset(
    """
    n nume prenume lui nea nenea tanti mos baba vaduva vaduvul vaduvei vaduvului raposatul raposata raposatului
    raposatei zis zisa zisul fam familia familiei familiile sotii sotilor vecinul vecina vecinului
    vecinei vecinii nascuta nasc fosta fost casatorita casatorit cumnatul cumnata cumnatei socrul
    soacra ginerele nora verisoara verisorul bunica bunicul strabunicul unchiul matusa fiu fiica
    logodnicul prietenul prietena colegul colega mandatara mandatarul imputernicita tov tovarasul
    tovarasa mesterul preotul invatatoarea invatatorul profesorul profesoara doctorul doctorita avocatul
    avocata notarul curatorul curatoarea garant garantul girant locatara chiriasa contestatorul
    contestatoarea intimata reclamanta paratii paratei intervenienta comodantul vanzatoarea
    cumparatoarea mandatar d-le doamnele ingrijitoarea ingrijitorul batranei batranului batrana
    anume oarecare unul poreclit poreclita porecla alias expertul alegator petenta petentii d-lor d-nelor d-rei domnisoara d-ra dsoarei
    """.split()
)
"""Words, beside those of PRIVATE, after which somebody's name stands as a rule."""
NEVER_NAMES = INSTITUTIONS | AREAS | STREETS | PARTS | FIRMS
"""Words that stand for something else whatever letter they begin with, unless they are given names."""
