"""The texts of the diagram editor: its script has none of its own (web/frontend/studio/shared/page.js)."""

from flask_babel import gettext as _


def _canvas() -> dict[str, str]:
    """The canvas and its buttons."""
    return {
        "create_timer": _("Wait until a moment"),
        "create_user_task": _("Step for a person"),
        "create_service_task": _("Automatic step"),
        "create_call": _("Call a procedure"),
        "append_user_task": _("Append a step for a person"),
        "append_service_task": _("Append an automatic step"),
        "try": _("Try it out"),
        "try_end": _("End the trial"),
        "tidied": _("The layout is redrawn; undo brings the old one back"),
        "not_tidied": _(
            "This diagram holds something that can't be laid out by itself: notes, data objects or several pools"
        ),
        "unreadable": _("This diagram can't be opened"),
        "unreadable_about": _(
            "The file is damaged or in another notation. Nothing was changed; take an earlier version or another file."
        ),
        "unreadable_back": _("To the versions"),
        "help_deadline": _("Add a deadline"),
        "help_show": _("Look here"),
    }


def _kinds() -> dict[str, str]:
    """The kinds of shapes, and what stands at the head of the panel."""
    return {
        "is_user_task": _("Step for a person"),
        "is_service_task": _("Automatic step"),
        "is_rule_task": _("Decision by table"),
        "is_call_activity": _("Call of a procedure"),
        "is_sub_process": _("Sub-process"),
        "is_boundary": _("Event at a step"),
        "is_start": _("Start event"),
        "is_end": _("End event"),
        "is_event": _("Event"),
        "is_gateway": _("Gateway"),
        "is_flow": _("Flow"),
        "is_lane": _("Lane"),
        "is_pool": _("Procedure"),
        "is_other": _("Element"),
        "in_lane": _("In the lane “{lane}”"),
        "name": _("Its name"),
        "id": _("Identifier"),
        "id_about": _("Small letters, digits and underscores, beginning with a letter"),
        "choose": _("Choose"),
        "nothing_chosen": _("Nothing is selected"),
        "many_chosen": _("Several elements are selected"),
        "nothing_about": _(
            "Click a step, a flow or an event: who does it, until when and with which form is said here."
        ),
        "nothing_keys": _("Ctrl+Z takes back, Ctrl+S saves at once; changes are saved by themselves."),
        "lane_about": _("Which group works in a lane is said with the parameters, by the lane's name."),
        "lane_edit": _("To the parameters"),
        "expression": _("Expression"),
        "write_expression": _("Write the expression"),
        "required": _("required"),
    }


def _who() -> dict[str, str]:
    """Who does a step, with which form, how often."""
    return {
        "who": _("Who does it"),
        "who_lane": _("The lane's group: {lane}"),
        "who_nobody": _("Nobody yet"),
        "who_group": _("Group: {group}"),
        "who_empty_group": _("Group: {group} (nobody in it)"),
        "who_doer": _("Who did “{step}”"),
        "who_initiator": _("Who started the case"),
        "who_expression": _("By an expression"),
        "excluded": _("Not by"),
        "excluded_nobody": _("nobody is excluded"),
        "excluded_doer": _("who did “{step}”"),
        "form": _("Form"),
        "form_own": _("{title} (this step's own)"),
        "form_none": _("No form"),
        "form_edit": _("Edit"),
        "rule": _("Decision table"),
        "each_at_once": _("One for each, all at once"),
        "each_in_turn": _("One for each, one after another"),
        "for_each": _("The list"),
        "for_each_about": _("A field that is a list; each of its entries gets a step of its own."),
        "about": _("Explanation and clause"),
        "documentation": _("Explanation"),
        "clause": _("Clause of the manual"),
        "clause_example": _("e.g. 3.1/4"),
        "too_early": _("Not before"),
        "too_early_about": _("An expression that gives a moment; before it the step can't be completed."),
    }


def _deadline() -> dict[str, str]:
    """Deadlines and timers."""
    return {
        "deadline": _("Deadline"),
        "deadline_none": _("No deadline: nobody is told when this step is left undone."),
        "deadline_add": _("Add a deadline"),
        "deadline_another": _("Another deadline"),
        "deadline_drop": _("Remove this deadline"),
        "deadline_name": _("Time limit"),
        "deadline_breached": _("Time limit missed"),
        "deadline_raw": _("This deadline is worked out by an expression."),
        "deadline_drawn": _("In the diagram a timer at the edge:"),
        "deadline_field": _("The moment in"),
        "deadline_id": _("Number of the deadline"),
        "no_deadline": _("None is needed, because"),
        "no_deadline_example": _("e.g. done at once with the step before"),
        "kind_hours": _("Hours"),
        "kind_working_hours": _("Working hours"),
        "kind_working_days": _("Working days"),
        "kind_days": _("Days"),
        "kind_next_slot": _("Fixed times"),
        "kind_at": _("Agreed time"),
        "from": _("From"),
        "from_on": _("onwards"),
        "from_slot": _("on, the next"),
        "anchor_arrival": _("arrival at this step"),
        "anchor_start": _("the start of the case"),
        "anchor_done": _("“{step}” done"),
        "anchor_due": _("the deadline {deadline}"),
        "anchor_input": _("“{name}” handed over"),
        "weekday": _("Weekday"),
        "opens": _("Begins"),
        "closes": _("Ends"),
        "day_mon": _("Monday"),
        "day_tue": _("Tuesday"),
        "day_wed": _("Wednesday"),
        "day_thu": _("Thursday"),
        "day_fri": _("Friday"),
        "day_sat": _("Saturday"),
        "day_sun": _("Sunday"),
        "length": _("Length"),
        "use_parameter": _("Take a parameter"),
        "use_number": _("Write a number"),
        "parameter_about": _("The length is a parameter of the procedure."),
        "parameter_edit": _("Change the parameter"),
        "example": _("Example"),
        "breach": _("When it is missed"),
        "breach_plain": _("Who does the step, the head and the service manager are told; the step stays open."),
        "breach_path": _("Goes on with “{step}”; the step stays open."),
        "responsible": _("Told of it besides the service manager"),
        "responsible_about": _("An expression; without one, the heads of whoever should do it."),
    }


def _deadline_more() -> dict[str, str]:
    """Deadlines and timers."""
    return {
        "met_when": _("Kept as soon as"),
        "met_when_about": _("A condition; once it holds, the deadline counts as kept."),
        "breach_default": _("Only tell and record, go on with the step"),
        "make_deadline": _("Make it a deadline of the step"),
        "timer": _("Waits until"),
        "timer_about": _('An expression that gives a moment, for example next_slot("thu", "13:30", "18:00").'),
        "timer_start": _("Starts by itself"),
        "timer_start_about": _('For example weekly("wed", "10:30"), monthly(25) or month_end().'),
        "shift": _("On a day off"),
        "shift_none": _("on that day all the same"),
        "shift_preceding": _("the working day before"),
        "shift_following": _("the next working day"),
    }


def _condition() -> dict[str, str]:
    """Conditions and splits."""
    return {
        "condition": _("Condition"),
        "condition_none": _("This flow is always taken."),
        "condition_default": _("This flow is taken when no condition holds."),
        "condition_raw": _("This condition is more than rows can show; it stands as an expression."),
        "condition_add": _("Add a condition"),
        "condition_drop": _("Remove this row"),
        "condition_make_default": _("Make it the way when none holds"),
        "joined": _("All or any"),
        "joined_and": _("all hold"),
        "joined_or": _("one holds"),
        "field": _("Field"),
        "operator": _("Comparison"),
        "value": _("Value"),
        "no_fields": _("No field has been filled in before this point."),
        "nothing": _("not filled in"),
        "yes": _("yes"),
        "no": _("no"),
        "operator_is": _("is"),
        "operator_is_not": _("is not"),
        "operator_less": _("less than"),
        "operator_at_most": _("at most"),
        "operator_more": _("more than"),
        "operator_at_least": _("at least"),
        "operator_one_of": _("is one of"),
        "default_flow": _("When no condition holds"),
        "default_flow_about": _("An exclusive or inclusive split always needs one."),
        "flow_to": _("to “{step}”"),
    }


def _call() -> dict[str, str]:
    """Operations, called procedures, events."""
    return {
        "operation": _("Operation"),
        "operation_results": _("Gives: {results}"),
        "call": _("Procedure that is called"),
        "call_open": _("Open that procedure"),
        "inputs": _("Handed over"),
        "inputs_about": _("Name in the called procedure, and what stands here."),
        "outputs": _("Brought back"),
        "outputs_about": _("Name here, and what stands in the called procedure."),
        "name_of_value": _("Name of the value"),
        "add_value": _("Add a value"),
        "drop_value": _("Remove {name}"),
        "payload": _("What it carries"),
        "payload_about": _("Name that the receiver reads, and the value here."),
        "correlation": _("Which case"),
        "correlation_about": _("An expression; the message goes to the case where it gives the same."),
        "message": _("Message"),
        "message_name": _("Name of the message"),
        "message_about": _("Who sends and who waits use the same name."),
        "signal": _("Signal"),
        "signal_name": _("Name of the signal"),
        "signal_about": _("Is heard inside this case alone."),
        "escalation": _("Escalation"),
        "escalation_name": _("Name of the escalation"),
        "escalation_about": _("Caught at the edge of the step or call around it."),
        "fault": _("Error"),
        "fault_name": _("Name of the error"),
        "fault_about": _("Caught at the edge of the step or call around it."),
        "end_state": _("How the case ends"),
        "end_state_id": _("State"),
        "end_state_about": _("Needed at the ends of a procedure: lists and callers read it."),
        "end_state_inner": _("Inside a sub-process none is needed."),
        "watched": _("Happens as soon as"),
        "watched_about": _("A condition; it is looked at after each step."),
        "interrupting": _("The step"),
        "interrupting_about": _("is broken off"),
    }


def words() -> dict[str, str]:
    """Name → text, all of them."""
    return {**_canvas(), **_kinds(), **_who(), **_deadline(), **_deadline_more(), **_condition(), **_call()}
