"""Names of columns in exports of people, beyond the names of SCIM and LDAP.

They are compared by `folded_name`: without case, accents and signs.
"""

from scim_tui.mapping.base.folded_name import folded_name

_ADDRESS = (
    "work email",
    "business email",
    "company email",
    "corporate email",
    "primary work email",
    "work email address",
    "business email address",
    "email work",
    "email address",
    "E-Mail-Adresse",
    "dienstliche E-Mail",
    "adresse e-mail",
    "adresse email",
    "courriel",
    "correo electrónico",
    "correo",
    "endereço de e-mail",
    "indirizzo e-mail",
    "e-mailadres",
    "e-postadress",
    "e-post",
    "adres e-mail",
    "электронная почта",
    "эл. почта",
    "почта",
    "メールアドレス",
    "電子メール",
    "メール",
    "邮箱",
    "电子邮箱",
    "电子邮件",
    "電子郵件",
    "이메일",
    "이메일 주소",
)
_NAMES = {
    "userName": (
        "user name",
        "logon name",
        "login id",
        "account name",
        "Benutzername",
        "Anmeldename",
        "nom d'utilisateur",
        "identifiant",
        "nombre de usuario",
        "usuario",
        "nome de usuário",
        "nome utente",
        "gebruikersnaam",
        "användarnamn",
        "nazwa użytkownika",
        "uživatelské jméno",
        "имя пользователя",
        "логин",
        "ユーザー名",
        "ユーザーID",
        "ログインID",
        "用户名",
        "登录名",
        "使用者名稱",
        "사용자 이름",
        "아이디",
        *_ADDRESS,
    ),
    "name.givenName": (
        "legal first name",
        "preferred first name",
        "Rufname",
        "nombre",
        "nome",
        "voornaam",
        "förnamn",
        "fornavn",
        "imię",
        "jméno",
        "keresztnév",
        "имя",
        "名",
        "名前（名）",
        "下の名前",
        "이름",
    ),
    "name.familyName": (
        "legal last name",
        "preferred last name",
        "Familienname",
        "nom de famille",
        "apellidos",
        "apellido",
        "sobrenome",
        "cognome",
        "achternaam",
        "efternamn",
        "etternavn",
        "nazwisko",
        "příjmení",
        "vezetéknév",
        "фамилия",
        "姓",
        "名字",
        "苗字",
        "성",
    ),
    "displayName": (
        "Anzeigename",
        "vollständiger Name",
        "nom complet",
        "nom d'affichage",
        "nombre completo",
        "nome completo",
        "employee name",
        "表示名",
        "氏名",
        "姓名",
        "名前",
        "성명",
    ),
    "emails.value": _ADDRESS,
    "externalId": ("worker id", "employee no", "Personalnummer", "matricule", "社員番号", "工号"),
    "title": ("job", "business title", "Position", "Funktion", "fonction", "役職", "职位", "직책"),
    "phoneNumbers.value": ("phones", "work phone number", "Telefon", "téléphone", "電話番号"),
    "enterprise.department": ("Abteilung", "service", "部署", "部門", "部门", "부서"),
    "enterprise.employeeNumber": ("worker id", "employee no", "Personalnummer", "社員番号", "工号"),
}
MORE = {target: tuple(map(folded_name, names)) for target, names in _NAMES.items()}
"""More names for the attributes of a user, the most specific first."""
_PLAIN = (
    "username userprincipalname login upn email mail emails primaryemail workemail emailaddress "
    "firstname lastname givenname familyname surname displayname fullname samaccountname"
)
PERSON = frozenset(
    {
        *_PLAIN.split(),
        *(
            word
            for target in MORE
            if target.startswith(("user", "name", "email", "display"))
            for word in MORE[target]
        ),
    }
)
"""Column names that occur for people only, and not for groups, addresses or apps."""
