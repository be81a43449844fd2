"""Names for people who do not exist, in many scripts, each with its spelling in ASCII.

A word is "native:ascii", or the ASCII spelling alone when they are the same.
"""

# ruff: noqa: E501 - names by the dozen

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpelledName:
    """A name as it is written, and in ASCII."""

    native: str
    ascii: str


@dataclass(frozen=True, slots=True)
class Culture:
    """Names that go together."""

    locale: str
    country: str
    city: str
    timezone: str
    given: tuple[SpelledName, ...]
    family: tuple[SpelledName, ...]
    family_first: bool = False
    """Whether the family name comes first when the name is written."""
    joined: bool = False
    """Whether the two are written without a space."""

    def display(self, given: SpelledName, family: SpelledName) -> str:
        """The whole name as it is written."""
        first, last = (family, given) if self.family_first else (given, family)
        return f"{first.native}{'' if self.joined else ' '}{last.native}"


def _words(text: str) -> tuple[SpelledName, ...]:
    parts = (word.partition(":") for word in text.split())
    return tuple(SpelledName(native, plain or native) for native, _, plain in parts)


def _culture(
    place: str, given: str, family: str, *, family_first: bool = False, joined: bool = False
) -> Culture:
    locale, country, city, timezone = place.split()
    return Culture(
        locale,
        country,
        city.replace("_", " "),
        timezone,
        _words(given),
        _words(family),
        family_first,
        joined,
    )


CULTURES = (
    _culture(
        "en-GB GB London Europe/London",
        "Oliver Amelia Harry Isla George Ava Jack Emily Charlotte Thomas Siobhán:Siobhan Grace",
        "Smith Taylor Brown O'Neill:ONeill Walker Clarke Hughes Ward Fletcher Marsh Reid Sinclair",
    ),
    _culture(
        "en-US US Seattle America/Los_Angeles",
        "James Mary Robert Linda Michael Susan David Karen Marcus Denise Tyler Brooke",
        "Johnson Williams Garcia Miller Davis Wilson Anderson Jackson Harris Lewis Young King",
    ),
    _culture(
        "de-DE DE Berlin Europe/Berlin",
        "Jürgen:Juergen Käthe:Kaethe Björn:Bjoern Anneliese Lukas Hannah Sören:Soeren Marlene"
        " Günther:Guenther Lieselotte Felix Jörg:Joerg",
        "Müller:Mueller Schröder:Schroeder Weiß:Weiss Köhler:Koehler Bäcker:Baecker Fuchs"
        " Krüger:Krueger Großmann:Grossmann Vogel Jäger:Jaeger Zimmermann Löwe:Loewe",
    ),
    _culture(
        "fr-FR FR Lyon Europe/Paris",
        "François:Francois Zoé:Zoe Chloé:Chloe Étienne:Etienne Anaïs:Anais Benoît:Benoit Hélène:Helene"
        " Jérôme:Jerome Loïc:Loic Maëlle:Maelle Noémie:Noemie Théo:Theo",
        "Lefèvre:Lefevre Béranger:Beranger Dupont Gauthier Noël:Noel Château:Chateau Durand"
        " Mérimée:Merimee Rousseau Besançon:Besancon Fournier Pélissier:Pelissier",
    ),
    _culture(
        "es-ES ES Madrid Europe/Madrid",
        "José:Jose María:Maria Íñigo:Inigo Lucía:Lucia Andrés:Andres Sofía:Sofia Raúl:Raul Begoña:Begona"
        " Joaquín:Joaquin Inés:Ines Óscar:Oscar Nuria",
        "García:Garcia Núñez:Nunez Peña:Pena Martínez:Martinez Ibáñez:Ibanez Muñoz:Munoz"
        " Fernández:Fernandez Quiñones:Quinones Vázquez:Vazquez Ruiz Ortega Sáez:Saez",
    ),
    _culture(
        "pt-BR BR São_Paulo America/Sao_Paulo",
        "João:Joao Conceição:Conceicao Luís:Luis Antônio:Antonio Vitória:Vitoria Thaís:Thais"
        " Débora:Debora Caio Fábio:Fabio Letícia:Leticia",
        "Gonçalves:Goncalves Araújo:Araujo Assunção:Assuncao Sá:Sa Brandão:Brandao Silva Simões:Simoes"
        " Guimarães:Guimaraes Moraes Falcão:Falcao",
    ),
    _culture(
        "pl-PL PL Kraków Europe/Warsaw",
        "Paweł:Pawel Małgorzata:Malgorzata Łukasz:Lukasz Agnieszka Stanisław:Stanislaw Żaneta:Zaneta"
        " Michał:Michal Bożena:Bozena Grażyna:Grazyna Krzysztof",
        "Wójcik:Wojcik Kowalczyk Dąbrowski:Dabrowski Zając:Zajac Jabłoński:Jablonski Król:Krol"
        " Pawłowska:Pawlowska Sikora Wróbel:Wrobel Błaszczyk:Blaszczyk",
    ),
    _culture(
        "cs-CZ CZ Brno Europe/Prague",
        "Jiří:Jiri Věra:Vera Ondřej:Ondrej Kateřina:Katerina Tomáš:Tomas Zdeňka:Zdenka Luboš:Lubos"
        " Šárka:Sarka Matěj:Matej Božena:Bozena",
        "Novák:Novak Dvořák:Dvorak Černý:Cerny Procházka:Prochazka Kučera:Kucera Šťastný:Stastny"
        " Říha:Riha Němec:Nemec Beneš:Benes Vaněk:Vanek",
    ),
    _culture(
        "tr-TR TR İzmir Europe/Istanbul",
        "Çağla:Cagla İbrahim:Ibrahim Gülşen:Gulsen Oğuz:Oguz Şükrü:Sukru Işıl:Isil Özgür:Ozgur"
        " Nazlı:Nazli Emre Ayşe:Ayse",
        "Yılmaz:Yilmaz Şahin:Sahin Çelik:Celik Öztürk:Ozturk Doğan:Dogan Kılıç:Kilic Aydın:Aydin"
        " Güneş:Gunes Arslan Koç:Koc",
    ),
    _culture(
        "is-IS IS Reykjavík Atlantic/Reykjavik",
        "Guðrún:Gudrun Þór:Thor Sigríður:Sigridur Ólafur:Olafur Æsa:Aesa Björk:Bjork Hafþór:Hafthor"
        " Ragnheiður:Ragnheidur",
        "Jónsdóttir:Jonsdottir Þórsson:Thorsson Guðmundsson:Gudmundsson Sigurðardóttir:Sigurdardottir"
        " Björnsson:Bjornsson Ægisdóttir:Aegisdottir",
    ),
    _culture(
        "vi-VN VN Hà_Nội Asia/Ho_Chi_Minh",
        "Thị_Hương:ThiHuong Văn_Đức:VanDuc Ngọc_Ánh:NgocAnh Minh_Tuấn:MinhTuan Quỳnh:Quynh Hải_Yến:HaiYen"
        " Đình_Phúc:DinhPhuc Thùy_Dương:ThuyDuong Khánh:Khanh Bảo_Châu:BaoChau",
        "Nguyễn:Nguyen Trần:Tran Lê:Le Phạm:Pham Huỳnh:Huynh Đặng:Dang Bùi:Bui Đỗ:Do Vũ:Vu Lý:Ly",
        family_first=True,
    ),
    _culture(
        "ru-RU KZ Almaty Asia/Almaty",
        "Алексей:Aleksei Наталья:Natalya Дмитрий:Dmitry Екатерина:Ekaterina Фёдор:Fyodor"
        " Юлия:Yulia Сергей:Sergei Полина:Polina Игорь:Igor Ксения:Ksenia",
        "Иванов:Ivanov Кузнецова:Kuznetsova Соловьёв:Solovyov Щербаков:Shcherbakov Жукова:Zhukova"
        " Цветаев:Tsvetaev Морозова:Morozova Ершов:Yershov Юдина:Yudina Хромов:Khromov",
    ),
    _culture(
        "uk-UA UA Львів Europe/Kyiv",
        "Олексій:Oleksii Ганна:Hanna Євген:Yevhen Богдан:Bohdan Соломія:Solomiia Тарас:Taras"
        " Галина:Halyna Мар'яна:Mariana",
        "Шевченко:Shevchenko Коваленко:Kovalenko Ткачук:Tkachuk Їжакевич:Yizhakevych Гнатюк:Hnatiuk"
        " Єфименко:Yefymenko Бойко:Boiko Кравець:Kravets",
    ),
    _culture(
        "el-GR GR Αθήνα Europe/Athens",
        "Γιώργος:Giorgos Ελένη:Eleni Ιωάννης:Ioannis Αικατερίνη:Aikaterini Χρήστος:Christos"
        " Ευαγγελία:Evangelia Θανάσης:Thanasis Φωτεινή:Foteini",
        "Παπαδόπουλος:Papadopoulos Οικονόμου:Oikonomou Ξενάκης:Xenakis Γεωργίου:Georgiou"
        " Ψαράς:Psaras Αθανασίου:Athanasiou Δημητρίου:Dimitriou Καζαντζή:Kazantzi",
    ),
    _culture(
        "ka-GE GE თბილისი Asia/Tbilisi",
        "გიორგი:Giorgi ნინო:Nino ლევანი:Levani ქეთევანი:Ketevani თამარი:Tamari ვახტანგი:Vakhtangi"
        " ხათუნა:Khatuna ზურაბი:Zurabi",
        "ბერიძე:Beridze კაპანაძე:Kapanadze გელაშვილი:Gelashvili მაისურაძე:Maisuradze"
        " წერეთელი:Tsereteli ჯაფარიძე:Japaridze ღვინიაშვილი:Ghviniashvili ჩხეიძე:Chkheidze",
    ),
    _culture(
        "hy-AM AM Երևան Asia/Yerevan",
        "Արամ:Aram Անահիտ:Anahit Տիգրան:Tigran Նարինե:Narine Գևորգ:Gevorg Շուշան:Shushan",
        "Պետրոսյան:Petrosyan Հակոբյան:Hakobyan Սարգսյան:Sargsyan Գրիգորյան:Grigoryan"
        " Խաչատրյան:Khachatryan Մկրտչյան:Mkrtchyan",
    ),
    _culture(
        "ar-EG EG القاهرة Africa/Cairo",
        "محمد:Mohamed فاطمة:Fatima أحمد:Ahmed عائشة:Aisha خالد:Khaled ليلى:Layla يوسف:Youssef"
        " نور:Nour عمر:Omar هدى:Huda",
        "حسن:Hassan إبراهيم:Ibrahim السيد:Elsayed منصور:Mansour خليل:Khalil الشريف:Elsherif"
        " نجيب:Naguib صالح:Saleh فؤاد:Fouad طه:Taha",
    ),
    _culture(
        "he-IL IL חיפה Asia/Jerusalem",
        "דוד:David שרה:Sarah יעל:Yael אברהם:Avraham נועה:Noa משה:Moshe רבקה:Rivka איתי:Itay",
        "כהן:Cohen לוי:Levi מזרחי:Mizrahi פרץ:Peretz ביטון:Biton אוחיון:Ohayon שפירא:Shapira גולן:Golan",
    ),
    _culture(
        "fa-IR NL Utrecht Europe/Amsterdam",
        "زهرا:Zahra حسین:Hossein مریم:Maryam رضا:Reza پریسا:Parisa کیان:Kian",
        "احمدی:Ahmadi رضایی:Rezaei کریمی:Karimi موسوی:Mousavi جعفری:Jafari چگینی:Chegini",
    ),
    _culture(
        "hi-IN IN मुंबई Asia/Kolkata",
        "अर्जुन:Arjun प्रिया:Priya राहुल:Rahul कविता:Kavita विक्रम:Vikram श्रुति:Shruti संजय:Sanjay"
        " लक्ष्मी:Lakshmi आदित्य:Aditya नेहा:Neha",
        "शर्मा:Sharma वर्मा:Verma गुप्ता:Gupta सिंह:Singh मिश्रा:Mishra त्रिपाठी:Tripathi जोशी:Joshi"
        " श्रीवास्तव:Shrivastava यादव:Yadav पटेल:Patel",
    ),
    _culture(
        "bn-BD BD ঢাকা Asia/Dhaka",
        "রহিম:Rahim সুমাইয়া:Sumaiya করিম:Karim নাসরিন:Nasrin তানভীর:Tanvir শর্মিলা:Sharmila",
        "হোসেন:Hossain চৌধুরী:Chowdhury আহমেদ:Ahmed ইসলাম:Islam সরকার:Sarkar মজুমদার:Majumdar",
    ),
    _culture(
        "ta-IN IN சென்னை Asia/Kolkata",
        "கார்த்திக்:Karthik மீனாட்சி:Meenakshi முருகன்:Murugan தமிழ்செல்வி:Tamilselvi அருண்:Arun",
        "சுப்பிரமணியன்:Subramanian ராமசாமி:Ramasamy கிருஷ்ணன்:Krishnan செல்வராஜ்:Selvaraj வேலு:Velu",
    ),
    _culture(
        "zh-CN CN 上海 Asia/Shanghai",
        "伟:Wei 芳:Fang 秀英:Xiuying 志强:Zhiqiang 丽娟:Lijuan 建国:Jianguo 晓明:Xiaoming 雪梅:Xuemei"
        " 海燕:Haiyan 子轩:Zixuan",
        "王:Wang 李:Li 张:Zhang 刘:Liu 陈:Chen 欧阳:Ouyang 赵:Zhao 黄:Huang 周:Zhou 司马:Sima",
        family_first=True,
        joined=True,
    ),
    _culture(
        "zh-TW TW 臺北 Asia/Taipei",
        "淑芬:Shufen 俊傑:Junjie 怡君:Yijun 家豪:Jiahao 雅婷:Yating 宗翰:Zonghan",
        "蔡:Tsai 謝:Hsieh 鄭:Cheng 蕭:Hsiao 劉:Liu 葉:Yeh",
        family_first=True,
        joined=True,
    ),
    _culture(
        "ja-JP JP 東京 Asia/Tokyo",
        "太郎:Taro 花子:Hanako 健一:Kenichi さくら:Sakura 翔太:Shota 美咲:Misaki 浩二:Koji ひなた:Hinata"
        " マリア:Maria 悠真:Yuma",
        "佐藤:Sato 鈴木:Suzuki 髙橋:Takahashi 田中:Tanaka 渡邊:Watanabe 伊藤:Ito 山本:Yamamoto"
        " 小林:Kobayashi 斎藤:Saito 五十嵐:Igarashi",
        family_first=True,
    ),
    _culture(
        "ko-KR KR 서울 Asia/Seoul",
        "민준:Minjun 서연:Seoyeon 지훈:Jihun 하은:Haeun 도윤:Doyun 수빈:Subin 예준:Yejun 지우:Jiwoo",
        "김:Kim 이:Lee 박:Park 최:Choi 정:Jung 강:Kang 황보:Hwangbo 남궁:Namgung",
        family_first=True,
        joined=True,
    ),
    _culture(
        "th-TH TH กรุงเทพฯ Asia/Bangkok",
        "สมชาย:Somchai สุดารัตน์:Sudarat ณัฐพล:Nattapon พิมพ์ชนก:Pimchanok วีระ:Wira กัญญา:Kanya",
        "ศรีสุข:Srisuk วงศ์สุวรรณ:Wongsuwan แสงทอง:Saengthong บุญมี:Boonmee ทองดี:Thongdee จันทร์เพ็ญ:Chanphen",
    ),
    _culture(
        "am-ET ET አዲስ_አበባ Africa/Addis_Ababa",
        "አበበ:Abebe ትዕግስት:Tigist ዳዊት:Dawit ሰላም:Selam ሃና:Hanna",
        "ተስፋዬ:Tesfaye ገብረ:Gebre ከበደ:Kebede አለሙ:Alemu ወልደ:Wolde",
    ),
)
"""Where the people come from."""
