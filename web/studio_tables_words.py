"""The words of the form editor's panel, for its script (web/frontend/studio/forms)."""

from flask_babel import gettext as _


def form_words() -> dict[str, str]:
    """Name in the script → text of the page's language."""
    return {**_types(), **_wording(), **_answers(), **_registers(), **_process(), **_rules()}


def _types() -> dict[str, str]:
    return {
        "not_opened": _("The editor can't open this file:"),
        "unknown_type": _("it holds a kind of field that there is not: {type}. Take it out first."),
        "type_textfield": _("One line of text"),
        "type_textarea": _("Several lines of text"),
        "type_number": _("Number"),
        "type_datetime": _("Date and time"),
        "type_radio": _("One of several"),
        "type_select": _("One from a list"),
        "type_checkbox": _("Box to tick"),
        "type_checklist": _("Several of several"),
        "type_filepicker": _("File"),
        "type_dynamiclist": _("Rows of fields"),
        "type_text": _("Text to read"),
        "id": _("id"),
    }


def _wording() -> dict[str, str]:
    return {
        "wording": _("What is asked"),
        "text": _("Text to read"),
        "text_en": _("Text in English"),
        "label": _("Label"),
        "label_en": _("Label in English"),
        "help": _("Help below the field"),
        "help_en": _("Help in English"),
        "form": _("Form"),
        "form_about": _("No field is chosen: this is what holds for the whole form."),
        "title": _("Title"),
        "title_en": _("Title in English"),
    }


def _answers() -> dict[str, str]:
    return {
        "answer": _("How it is answered"),
        "required": _("Must be answered"),
        "subtype": _("What it takes"),
        "subtype_date": _("A day"),
        "subtype_time": _("A time of day"),
        "subtype_datetime": _("Day and time"),
        "unit": _("Unit"),
        "digits": _("Decimal places"),
        "min": _("At least"),
        "max": _("At most"),
        "minLength": _("Fewest characters"),
        "maxLength": _("Most characters"),
        "phone": _("It is a phone number"),
        "multiple": _("Several files"),
        "accept": _("Kinds of files (.pdf, image/*)"),
        "default": _("Chosen from the start"),
        "default_none": _("nothing"),
        "choices": _("Answers: what people read, id, in English"),
        "choice_label": _("What people read"),
        "choice_value": _("id"),
        "choice_label_en": _("in English"),
        "choice_add": _("One more answer"),
        "up": _("Move up"),
        "remove": _("Remove"),
    }


def _registers() -> dict[str, str]:
    return {
        "register": _("Chosen from a register"),
        "register_none": _("no register"),
        "register_customer": _("Customers"),
        "register_site": _("Sites"),
        "register_contract": _("Contracts"),
        "register_crew": _("Crews"),
        "register_equipment": _("Equipment"),
        "register_case": _("Cases"),
        "register_person": _("People"),
        "register_foreman": _("Foremen"),
        "register_project_manager": _("Project managers"),
        "register_department": _("Departments"),
        "register_group": _("Groups"),
    }


def _process() -> dict[str, str]:
    return {
        "when": _("When it is asked"),
        "show_if": _("Asked only if"),
        "show_if_about": _("Empty: always. Fields above by their id, those of the case as step.field"),
        "prefill": _("Filled in from the start"),
        "prefill_about": _("Empty: nothing. A field of the case as step.field"),
        "insert": _("Insert a field …"),
        "own_fields": _("Fields of this form"),
        "case_fields": _("Fields of earlier steps"),
        "in_process": _("In the procedure"),
        "key": _("id"),
        "key_routes": _("Conditions and deadlines may read it by this name."),
        "key_private": _("It is kept with the case; no condition reads it."),
        "counts_as_done": _("The step counts as done at this moment"),
        "subject": _("Stands in lists as what the case is about"),
        "half": _("Takes half a line"),
    }


def _rules() -> dict[str, str]:
    return {
        "rules": _("Rules"),
        "rules_about": _("Where a rule is not true, its message stands at its field and the form is not taken."),
        "rule": _("Rule"),
        "rule_check": _("Must be true"),
        "rule_field": _("Field that says it"),
        "rule_message": _("What it says"),
        "rule_message_en": _("Message in English"),
        "rule_add": _("One more rule"),
        "rule_remove": _("Remove this rule"),
        "choose": _("Choose …"),
    }
