import base64
import uuid
from pathlib import Path

import pytest

from scim_tui.core.mapping.api import MappingPreview
from scim_tui.mapping.base.errors import BadPeople
from scim_tui.mapping.read.people import people_in

OPENLDAP = """# extended LDIF
#
# LDAPv3
# filter: (objectClass=*) and a long
  remark that is folded
version: 1

# ada, people, example
dn: uid=ada,ou=people,dc=example
objectClass: top
objectClass: inetOrgPerson
UID: ada
mail: ada@example.com
mail: love@example.com
cn:: QWRhIEzDuHZl
description: a long text that was
  folded here
 : and there

dn: ou=people,dc=example
objectClass: organizationalUnit
ou: people

dn:: dWlkPWLDuGI=
uid: bob
sn:

# search result
search: 2
result: 0 Success

# numResponses: 4
"""


def test_ldif_is_recognised_by_content_and_read_in_all_its_forms() -> None:
    source = people_in(OPENLDAP.encode(), "people.txt")
    ada, bob = source
    assert source.format == "ldif"
    assert dict(ada.source) == {
        "dn": "uid=ada,ou=people,dc=example",
        "objectClass": ["top", "inetOrgPerson"],
        "uid": "ada",
        "mail": ["ada@example.com", "love@example.com"],
        "cn": "Ada Løve",
        "description": "a long text that was folded here: and there",
    }
    assert dict(bob.source) == {"dn": "uid=bøb", "uid": "bob", "sn": ""}
    assert (ada.line, bob.line) == (9, 24)
    assert source.notes == ("Left out, as they are no people: 1 groups, units or machines.",)


def test_active_directory_shows_guids_and_leaves_out_machines_and_groups() -> None:
    guid = uuid.UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff")
    coded = base64.b64encode(guid.bytes_le).decode()
    binary = base64.b64encode(b"\x01\x05\0\0").decode()
    text = (
        f"dn: CN=Ada\r\nchangeless: x\r\nobjectClass: user\r\nobjectGUID:: {coded}\r\n"
        f"objectSid:: {binary}\r\nsamaccountname: ada\r\n\r\n"
        "dn: CN=PC1\r\nobjectClass: user\r\nobjectClass: computer\r\n\r\n"
        "dn: CN=G\r\nobjectClass: group\r\n"
    )
    source = people_in(text.encode(), "ad.ldf")
    (ada,) = source
    assert ada.source["objectGUID"] == str(guid)
    assert ada.source["objectSid"] == binary
    assert ada.source["sAMAccountName"] == "ada"
    assert "2 groups" in source.notes[0]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (
            "dn: a\nchangetype: modify\nreplace: x\nx: y\n",
            "line 2",
            r"changes \(modify\), not people",
        ),
        ("dn: a\nno colon here\n", "line 2", "Not LDIF"),
        ("dn: a\ncn:: !!!\n", "line 2", "base64"),
        ("dn: a\n\ncn: b\n", "line 3", "does not start"),
        ("version: 1\n\n folded\ndn: a\n", "line 3", "follows nothing"),
        ("dn: a\n\nsearch: 2\nresult: 4 Size limit exceeded\n", "line 3", "not complete"),
        ("dn: a\n" + "x: y\n" * 30_000, "line", "longer than"),
        ("dn: a\nx: " + "y" * 1_100_000 + "\n", "line 2", "longer than"),
        ("dn: a\nx: y\n" + " yyyy\n" * 400_000, "line", "longer than"),
        ("dn: a\nobjectClass: group\n", "line 1", "no person"),
        ("dn: a\nx: y\n" + " y\n" * 400_000, "line", "longer than"),
        ("\n" * 60_000, "line 1", "no person"),
        (" \n" * 60_000, "line 1", "no person"),
        ("# \n \n\n" * 10_000 + "dn: a\nno colon\n", "line 30002", "Not LDIF"),
    ],
)
def test_what_is_no_list_of_people_is_refused_with_its_line(
    text: str, place: str, words: str
) -> None:
    with pytest.raises(BadPeople, match=words) as caught:
        list(people_in(text.encode(), "file"))
    assert caught.value.message.startswith(f"file, {place}")


def test_entries_that_are_to_be_added_are_entries() -> None:
    text = (
        "dn: CN=Ada\nchangetype: add\ncn: Ada\n\n"
        "dn: CN=Bob\ncontrol: 1.2.3 true\nChangeType:: YWRk\ncn: Bob\n"
    )
    people = [dict(person.source) for person in people_in(text.encode(), "file")]
    assert people == [{"dn": "CN=Ada", "cn": "Ada"}, {"dn": "CN=Bob", "cn": "Bob"}]


@pytest.mark.parametrize("kind", ["modify", "delete", "modrdn", "moddn", "Modify"])
def test_any_other_change_is_no_entry(kind: str) -> None:
    text = f"dn: CN=Ada\nchangetype: add\ncn: Ada\n\ndn: CN=Bob\nchangetype: {kind}\n"
    with pytest.raises(BadPeople, match=f"line 6: .*changes \\({kind}\\)"):
        people_in(text.encode(), "file")


async def test_a_value_in_another_file_is_left_out_unless_a_rule_uses_it(tmp_path: Path) -> None:
    people, rules = tmp_path / "people.ldif", tmp_path / "rules.toml"
    people.write_text("dn: uid=ada\nuid: ada\njpegPhoto:< file:///tmp/a\ntitle:< file:///t\n")
    (ada,) = people_in(people.read_bytes(), "file")
    assert dict(ada.source) == {"dn": "uid=ada", "uid": "ada"}
    preview = MappingPreview()
    rules.write_text('userName = "uid"\n')
    await preview.load_mapping(rules)
    await preview.load_people(people)
    await preview.run()
    assert "not read: jpegPhoto, title" in preview.notes()[0]
    rules.write_text('userName = "uid"\ntitle = "Title"\n')
    await preview.load_mapping(rules)
    with pytest.raises(
        BadPeople, match=r"line 4: .* in another file.*rule title \(line 2\)"
    ) as caught:
        await preview.run()
    assert "values inside" in caught.value.hint


@pytest.mark.parametrize(("cookie", "partial"), [("cookie=abc", True), ("cookie=", False)])
def test_a_page_of_a_search_that_goes_on_is_said(cookie: str, partial: bool) -> None:
    text = f"dn: uid=ada\nuid: ada\n\nsearch: 2\nresult: 0 Success\npagedresults: {cookie}\n"
    source = people_in(text.encode(), "file")
    assert bool(source.notes) == bool(source.remarks.partial) == partial
