"""Given names of Romania's minorities, and rarer Romanian ones, folded; from no person's data."""

HUNGARIAN = """
    agnes akos aladar aliz ambrus andor aniko annamaria antal aranka balazs barbara barnabas bence borbala
    csaba csanad csenge csilla delinke denes dezso domokos dorottya ede edina elek elemer elod emoke eniko
    erno ervin erzsebet eszter etelka ferenc flora frida gabriella gaspar gellert gero geza gitta gizella gyorgyi
    gyorgy gyongyi gyongyver gyula hajnalka hedvig helen henrik hunor ignac ilka ilonka imelda imola imre iren
    istvan izabella jacint jakab janos jeno jolan jolanka jozsef judit julianna kalman kamilla karola katinka
    klaudia kornel kornelia kriszta krisztian krisztina laszlo lenke lidia lilla lorant lorinc lujza marcell
    mark marton matyas melinda mihaly nandor nimrod odon ors oliver pityu rezso rozalia rozsa sandor sarolta
    szabina szende szidonia szilveszter tekla terez tihamer timea tivadar vencel veronika vilmos virag zalan
    zita zoltan zsombor
    """
GERMAN = """
    adolf alfred andreas anneliese annemarie arnold bernd bernhard berta bruno christa christian christine
    dagmar dieter dietmar dietrich edeltraud edith egon elfriede elke erhard erich ernst ewald friederike
    fritz georg gerda gerhard gerlinde gertrud ghizela gisela gottfried gudrun gunter gunther gustav hannelore
    harald hartmut hedwig heike heinz helene helmuth hermine herta hilda hilde holger ilse ingeborg ingo irmgard
    jakob johannes jorg jurgen kaspar katharina kurt liselotte lothar ludwig luise magdalene manfred
    marianne martha mathias mathilde matthias michael nikolaus ottmar rainer reinhard reinhold renate rosina
    roswitha rudiger sieglinde siegfried sigrid sofie susanna theresia traute uwe ursula volker waltraud
    wilhelmine winfried wolfgang
    """
SLAVIC = """
    aleksandar anezka andrzej bogdanka bohumil bojan borislav bosko bozena branislav branka branko czeslaw dalibor
    danica darinka dejan desanka dragana dragisa dragoljub draginja dusan dusanka frantisek goran gordana ilija
    ivana jadwiga jagoda jan jana jaromir jelena jovan jovanka jozef juraj karel kosta krystyna ljubica ljubomir
    ljiljana lubomir ludmila malgorzata marek marija marko michal milada milanka milivoi milorad milos milutin
    mirjana mirko miroslav mladen momcilo natasa nebojsa nenad nikola novica ognjen olivera pavol petar predrag
    radmila radomir radoslav radovan rajko ratko savka sinisa slavica slavko slobodan snezana sofija spasoje
    srdjan stanislaw stevan stojan svetislav svetozar todor tomislav uros vaclav vasilije velimir vesna vidosava
    vlasta vojislav wojciech zarko zdenek zdravko zivko zivorad zlata zlatko zoran zorka zuzana zygmunt
    afanasie akim aleksei alexei anfisa anisim antip artiom avdotia boris darja dunia efrem efrosina elizaveta
    emelian evdokia evgheni fedot feodor feodora feodosia filat gherasim gleb grigori grunia iacov ignat igor
    ilia ivan kiril kondrat kuzma larion larisa lavrenti leonid liubov lukeria makar maksim matriona maxim
    melania mihei nichifor nikifor nikita olesea oxana parascovia pelagheia piotr prascovia prohor rostislav ruslan
    semion serafim serafima sidor sofronie stepan tamara taras tihon timofei trofim uliana ustinia vadim
    valeri vasili veaceslav veceslav viaceslav vitalie vladlen volodea zinaida
    """
TURKIC = """
    abdul adnan ahmed ahmet aisa aise ali alime amet arif asan asie aslan aydin aysel ayse bechir behie beyhan
    biurhan cadir cemal cemil deniz dilara edip ediz ekrem elmas emel emin emine enis enver erdal ergin erol
    ersin esat esma fadil fahrie faruk fatma fazil fevzie ghiulnar gulser gulten habibe hakan
    halil halit hamdi hanife hatice hatige hayri ibrahim ibram idris ilhan ismet iusein jalil levent lutfi mahmut
    medine melek meral meriem meryem mesut mevlut minever muammer muhammed murat naci nadire naim nazim nazli nedim
    nermin nevin nihat nurcan nuri nursel nusret orhan ozan ramazan recep regep remzi ridvan rustem saban sabri
    sadik salie salih sanie seher seit selami selda selin semra senol septar serdar serpil sevda sevghin sevim
    sinan suleiman suzan tahsin talat taner tarik tuncer turgut umit yasar yasin yilmaz yusuf zarife zehra zeki
    zeynep ziya zulfie
    """
OTHERS = """
    agop anait aram arax artin avedis bedros garabet hagop hampartum harutiun kevork krikor levon ohanes sahak
    sarkis takuhi vartan varujan zaven anastasis aristotel athanasie dimos evanghelos hristo hristu iani iannis
    kiriacos kostas lambru panaiotis pericle spiros stavros sterian sterie stratis tasos telemac themistocle zisu
    aaron abraham avraham avram beniamin berl braha calman dvora elias estera freida ghidale golda haim hana herman
    herscu hirs iehuda itic leib leiba malca mauriciu meir menahem mendel moritz moses natan nusem pesah rasela
    rifca ruhla samuel saul sender simha sloime strul sulim tobias zalman armando bujorel esmeralda goldisa
    izaura leonardo narcisa romeo rubina
    """
ROMANIAN = """
    firu todirita jenel toderica lisandru gavriluta nicolaita dumitrita petrica costica vasilica ghita mandita
    agatha albertina ambrozie anatol anatolie anghelache anghelina antim antonina aretia ariana aron astrid aura
    axinte beatrice belizar bonifaciu brandusa calistrat carla carmela casandra casian catinca celia cezara cezarina
    chirita clara clementina cleopatra conon corvin crina cristache damaschin damian damiana dariana demetru
    demostene despina dezideria diodor domnica dorica dosoftei dumitrana edmund eftimia egidiu elefteria eleodor
    eleonora eliana emanuela emilita epaminonda epifan eudochia eufrosina evelina ezra fabian fabiola fanica
    filaret filofteia flavia flaviu genoveva ghervasie gheorghita ghita glafira gratian gratiana haralambie hariton
    hermina horatiana horatiu hortensia ianis iarina iftimie ilarion iolanda iordana iosefina ipate ipatie isabela
    isabella isaura izabela jeni jenica laurentiu lenuta leontin leontina leopoldina liviana loghin lorin macarie
    maranda marcela marghioala marghita mariuca marusia maura melentina meletie minodora miruna mitrofan mitrut
    narcis nastasia natalita natanael nectarie nestor nicanor niceta nicodim nifon octav octaviana onufrie ovidia
    pamfil pamfilia panaghiota pantelimon parascheva patrichie petronela profira romina rusalina safta salomia
    samuil savin septimiu silvestru simina sofronia spiridon stamate teoctist tinca titiana titus trifon tudosia
    tudosie ulise valer valerian vartolomei venera vergil vichente vichentie vitalia vladimira voica voislav zosim
    """
NAMES = frozenset(f"{HUNGARIAN} {GERMAN} {SLAVIC} {TURKIC} {OTHERS} {ROMANIAN}".split())
