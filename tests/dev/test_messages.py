"""`manage.py messages`: each kind of fault is found, a good catalogue has none."""

import pytest

from apps.core import translations

CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
name = _("Hello %(name)s")
count = ngettext("%(n)s person", "%(n)s people", 3)
place = pgettext("school", "Campus")
"""
TEMPLATE = """
{% translate "Save" %}
    {% blocktranslate trimmed count counter=n %}
        One <b>seat</b> of {{ n }}
    {% plural %}
        {{ counter }} <b>seats</b> of {{ n }}
    {% endblocktranslate %}
  <p>indented less than the line before
"""
FRENCH = {
    "Hello %(name)s": "Bonjour %(name)s",
    "Save": "Enregistrer",
    "Campus": "Campus",
    "%(n)s person": ("%(n)s personne", "%(n)s personnes"),
    "One <b>seat</b> of %(n)s": ("Une <b>place</b> de %(n)s", "%(counter)s <b>places</b> de %(n)s"),
}


@pytest.fixture
def project(tmp_path):
    """A small project whose French catalogue is complete."""
    (tmp_path / "apps").mkdir()
    (tmp_path / "config").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "apps" / "code.py").write_text(CODE)
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    translations.update(tmp_path)
    translate(tmp_path, FRENCH)
    return tmp_path


def translate(project, texts):
    catalogue = translations.read(project)
    for message in catalogue:
        key = message.id if isinstance(message.id, str) else message.id[0]
        if key in texts:
            message.string = texts[key]
    translations.write(project, catalogue)


def replace(project, old, new):
    path = translations.catalogue_path(project)
    assert old in path.read_text(), f"the test expects {old!r} in the catalogue"
    path.write_text(path.read_text().replace(old, new))


def test_a_complete_catalogue_has_no_fault(project):
    assert translations.faults(project) == []


def test_a_new_text_in_code_is_found(project):
    (project / "apps" / "new.py").write_text('from x import _\n_("Brand new")\n')
    assert translations.faults(project) == ["not in the catalogue: 'Brand new'"]


def test_a_new_text_in_a_template_is_found(project):
    (project / "templates" / "new.txt").write_text('{% translate "Brand new" %}')
    assert translations.faults(project) == ["not in the catalogue: 'Brand new'"]


def test_a_text_nobody_uses_is_found(project):
    (project / "apps" / "code.py").write_text("")
    assert "no longer used: 'Hello %(name)s'" in translations.faults(project)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('msgstr "Enregistrer"', 'msgstr ""', "not translated: 'Save'"),
        ('msgid "Save"', '#, fuzzy\nmsgid "Save"', "fuzzy: 'Save'"),
        ("Bonjour %(name)s", "Bonjour", "placeholders or tags differ in 'Bonjour': 'Hello %(name)s'"),
        ("Bonjour %(name)s", "Bonjour %(nom)s", "placeholders or tags differ in 'Bonjour %(nom)s': 'Hello %(name)s'"),
        ("%(n)s personnes", "personnes", "placeholders or tags differ in 'personnes': '%(n)s person'"),
        ('msgstr[1] "%(n)s personnes"', 'msgstr[1] ""', "not translated: '%(n)s person'"),
        ("Une <b>place</b>", "Une <b>place", "placeholders or tags differ in 'Une <b>place de %(n)s': "),
    ],
)
def test_a_faulty_translation_is_found(project, old, new, fault):
    replace(project, old, new)
    found = translations.faults(project)
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_a_missing_plural_form_is_found(project):
    replace(project, '\nmsgstr[1] "%(n)s personnes"', "")
    assert len(translations.faults(project)) == 1


def test_plural_in_the_source_only_is_found(project):
    (project / "apps" / "code.py").write_text(CODE + '_("Save all")\n')
    translations.update(project)
    translate(project, {"Save all": "Tout enregistrer"})
    assert translations.faults(project) == []
    (project / "apps" / "code.py").write_text(CODE + 'ngettext("Save all", "Save all %(n)s", 2)\n')
    assert translations.faults(project) == ["plural in one place, not in the other: 'Save all'"]


def test_the_same_word_in_two_contexts_is_two_texts(project):
    (project / "apps" / "two.py").write_text('from x import pgettext\npgettext("sports", "Campus")\n')
    assert translations.faults(project) == ["not in the catalogue: 'Campus' (context 'sports')"]


def test_updating_keeps_translations_adds_new_and_drops_old(project):
    (project / "apps" / "code.py").write_text('_("Hello %(name)s")\n_("Later")\n')
    translations.update(project)
    text = translations.catalogue_path(project).read_text()
    assert "Bonjour %(name)s" in text
    assert 'msgid "Later"\nmsgstr ""' in text
    assert "personnes" not in text


def test_updating_twice_changes_nothing(project):
    before = translations.catalogue_path(project).read_bytes()
    translations.update(project)
    assert translations.catalogue_path(project).read_bytes() == before


def test_django_reads_what_is_compiled(project, settings):
    import gettext

    compiled = translations.compile_catalogue(project)
    with compiled.open("rb") as file:
        french = gettext.GNUTranslations(file)
    assert french.gettext("Save") == "Enregistrer"
    assert french.ngettext("%(n)s person", "%(n)s people", 0) == "%(n)s personne"
    assert french.ngettext("%(n)s person", "%(n)s people", 2) == "%(n)s personnes"
    assert french.pgettext("school", "Campus") == "Campus"
