"""The runner on small diagrams, saved and restored after every step (design 3 and 5)."""

from datetime import timedelta

import pytest

from engine.errors import ConcurrentUpdate, StepFailed
from engine.workflow import runner
from tests.engine.workflow.drawn import Case, flows, node, parse, timer

HOUR = timedelta(hours=1)
START = node("startEvent", "begin")


def deadline(host: str, expression: str, name: str = "T-01", **given: str) -> str:
    key = name.lower().replace("-", "")
    drawn = timer(key, host, expression, deadline=name, **given) + node("endEvent", f"{key}_late", breach="default")
    return drawn + flows(f"{key} >> {key}_late")


def test_a_task_carries_the_earliest_deadline_of_itself_and_what_is_around_it() -> None:
    inner = node("startEvent", "in") + node("userTask", "first") + node("userTask", "second") + node("endEvent", "out")
    inner += flows("in >> first >> second >> out") + deadline("second", "hours(1)", "T-02")
    body = START + node("subProcess", "block", inner) + node("endEvent", "end", end_state="done")
    case = Case(parse(body + flows("begin >> block >> end") + deadline("block", "hours(3)")))

    case.start()
    assert case.dues() == {"first": "09-26 12:00"}
    case.do("first", HOUR)
    assert case.dues() == {"second": "09-26 11:00"}


def test_a_deadline_opened_in_one_step_is_breached_in_another_and_met_late_by_its_block() -> None:
    inner = node("startEvent", "in") + node("userTask", "first") + node("userTask", "second") + node("endEvent", "out")
    inner += flows("in >> first >> second >> out")
    body = START + node("subProcess", "block", inner) + node("endEvent", "end", end_state="done")
    case = Case(parse(body + flows("begin >> block >> end") + deadline("block", "hours(3)")))
    case.start()
    case.do("first", HOUR)

    breach = case.fire("t01")
    assert [(b.deadline, b.element, b.default) for b in breach.breaches] == [("T-01", "block", True)]
    assert case.open() == ["second"]
    assert case.dues() == {"second": "09-26 12:00"}

    late = case.do("second", HOUR)
    assert [(m.deadline, m.met_at > m.due_at) for m in late.met] == [("T-01", True)]
    assert late.end_state == "done"


def test_a_deadline_falls_silent_once_its_condition_is_met() -> None:
    inner = node("startEvent", "in") + node("userTask", "file") + node("userTask", "visit") + node("endEvent", "out")
    inner += flows("in >> file >> visit >> out")
    body = START + node("subProcess", "block", inner) + node("endEvent", "end", end_state="done")
    drawn = deadline("block", "hours(48)", "T-04", met_when='done_at("file") is not None')
    case = Case(parse(body + flows("begin >> block >> end") + drawn))
    case.start()

    step = case.do("file", HOUR)
    assert [m.deadline for m in step.met] == ["T-04"]
    assert case.dues() == {}
    assert not step.after.timers
    assert case.do("visit").met == ()


def test_a_breached_deadline_is_met_when_its_condition_becomes_true() -> None:
    inner = node("startEvent", "in") + node("userTask", "file") + node("userTask", "visit") + node("endEvent", "out")
    inner += flows("in >> file >> visit >> out")
    body = START + node("subProcess", "block", inner) + node("endEvent", "end", end_state="done")
    drawn = deadline("block", "hours(48)", "T-04", met_when='done_at("file") is not None')
    case = Case(parse(body + flows("begin >> block >> end") + drawn))
    case.start()
    case.fire("t04")

    step = case.do("file", HOUR)
    assert [(m.deadline, m.met_at - m.due_at) for m in step.met] == [("T-04", HOUR)]
    assert case.do("visit").met == ()


def test_all_instances_must_be_done_and_their_results_stand_as_a_list() -> None:
    body = START + node("userTask", "choose") + node("endEvent", "end", end_state="done")
    body += node("userTask", "sign", "<bpmn:multiInstanceLoopCharacteristics/>", for_each="choose.departments")
    case = Case(parse(body + flows("begin >> choose >> sign >> end")))
    case.start()
    case.do("choose", departments=["design", "engineering"])
    assert case.open() == ["sign[design]", "sign[engineering]"]

    case.do("sign[engineering]", agreed=True)
    assert case.open() == ["sign[design]"]
    assert case.do("sign[design]", agreed=False).end_state == "done"


def test_an_empty_collection_passes_at_once() -> None:
    body = START + node("userTask", "choose") + node("endEvent", "end", end_state="done")
    body += node("userTask", "sign", "<bpmn:multiInstanceLoopCharacteristics/>", for_each="choose.departments")
    case = Case(parse(body + flows("begin >> choose >> sign >> end")))
    case.start()
    assert case.do("choose", departments=[]).end_state == "done"


def test_a_called_process_has_its_own_data_with_named_inputs_and_outputs() -> None:
    body = START + node("userTask", "ask") + node("userTask", "after") + node("endEvent", "end", end_state="done")
    body += node(
        "callActivity",
        "round_one",
        more='calledElement="turn"',
        input__severity="ask.severity",
        output__grade="answer.grade",
    )
    turn = node("startEvent", "go") + node("userTask", "answer", candidate="head_of(input.severity)")
    turn += node("endEvent", "stop", end_state="solved") + flows("go >> answer >> stop")
    case = Case(parse(body + flows("begin >> ask >> round_one >> after >> end"), turn=turn))
    case.start()

    case.do("ask", severity="major")
    [task] = case.step.after.tasks.values()
    assert (task.scope, task.candidates) == ("round_one:1", ("head:major",))

    case.do("answer", grade=3)
    assert case.data()["round_one"] == {"grade": 3, "end_state": "solved"}
    assert set(runner.case_data(case.definition, case.step.state)) == {""}


def test_a_terminate_end_ends_its_call_alone_and_leaves_its_end_state() -> None:
    body = START + node("callActivity", "round_one", more='calledElement="turn"') + node("userTask", "after")
    body += node("endEvent", "end", end_state="done") + flows("begin >> round_one >> after >> end")
    turn = node("startEvent", "go") + node("parallelGateway", "fork") + node("userTask", "answer")
    turn += node("userTask", "beside") + node("endEvent", "never", end_state="never")
    turn += node("endEvent", "stop", "<bpmn:terminateEventDefinition/>", end_state="solved")
    turn += flows("go >> fork >> answer >> stop", "fork >> beside >> never")
    case = Case(parse(body, turn=turn))
    case.start()
    assert case.open() == ["answer", "beside"]

    case.do("answer")
    assert case.open() == ["after"]
    assert case.data()["round_one"] == {"end_state": "solved"}


def test_a_parallel_join_in_a_loop_waits_for_both_branches_in_every_turn() -> None:
    body = START + node("exclusiveGateway", "merge") + node("parallelGateway", "fork") + node("userTask", "a")
    body += node("userTask", "b") + node("parallelGateway", "join") + node("endEvent", "end", end_state="done")
    body += node("exclusiveGateway", "again", more='default="again_to_end"')
    body += flows(
        "begin >> merge >> fork >> a >> join", "fork >> b >> join >> again", "again >> [a.more] merge", "again >> end"
    )
    case = Case(parse(body))
    case.start()
    for order in (("a", "b"), ("b", "a"), ("b", "a")):
        case.do(order[0], more=True)
        assert case.open() == [order[1]]
        case.do(order[1], more=True)
        assert case.open() == ["a", "b"]


def test_a_case_in_a_loop_stays_small_and_goes_on_past_stock_depth() -> None:
    body = START + node("exclusiveGateway", "merge") + node("userTask", "a") + node("endEvent", "end", end_state="done")
    body += node("exclusiveGateway", "again", more='default="again_to_end"') + deadline("a", "hours(3)")
    body += flows("begin >> merge >> a >> again", "again >> [a.more] merge", "again >> end")
    case = Case(parse(body))
    case.start()
    sizes = []
    for _ in range(400):
        sizes.append(len(case.do("a", more=True).state))
        case.steps = case.steps[-1:]
    assert case.open() == ["a"]
    assert sizes[399] < sizes[9] * 1.2


def test_a_progress_note_may_be_filed_again_and_again() -> None:
    message = node(
        "boundaryEvent",
        "note",
        '<bpmn:messageEventDefinition messageRef="m"/>',
        'attachedToRef="a" cancelActivity="false"',
    )
    body = (
        START + node("userTask", "a") + message + node("endEvent", "noted") + node("endEvent", "end", end_state="done")
    )
    drawn = parse(body + flows("begin >> a >> end", "note >> noted"), messages='<bpmn:message id="m" name="progress"/>')
    case = Case(drawn)
    case.start()
    for number in (1, 2, 3):
        case.tell("note", number=number)
        assert case.data()["note"] == {"number": number}
        assert case.open() == ["a"]
    assert case.do("a").end_state == "done"


def test_a_second_breach_opens_a_task_beside_the_flow_once() -> None:
    condition = "<bpmn:condition>breaches() &gt;= 2</bpmn:condition>"
    condition = f"<bpmn:conditionalEventDefinition>{condition}</bpmn:conditionalEventDefinition>"
    body = START + node("subProcess", "handling", _two_late_tasks()) + node("endEvent", "end", end_state="done")
    body += node("boundaryEvent", "twice", condition, 'attachedToRef="handling" cancelActivity="false"')
    body += node("userTask", "propose") + node("endEvent", "proposed")
    case = Case(parse(body + flows("begin >> handling >> end", "twice >> propose >> proposed")))
    case.start()

    case.fire("t01")
    assert case.open() == ["a", "b"]
    case.fire("t02")
    assert case.open() == ["a", "b", "propose"]
    case.do("a")
    assert case.open() == ["b", "propose"]


def _two_late_tasks() -> str:
    inner = node("startEvent", "in") + node("parallelGateway", "fork") + node("userTask", "a") + node("userTask", "b")
    inner += (
        node("parallelGateway", "join")
        + node("endEvent", "out")
        + flows("in >> fork >> a >> join >> out", "fork >> b >> join")
    )
    return inner + deadline("a", "hours(1)") + deadline("b", "hours(2)", "T-02")


def test_an_inclusive_join_waits_for_a_branch_beside_the_flow_only_where_it_was_taken() -> None:
    escalate = '<bpmn:escalationEventDefinition escalationRef="e"/>'
    inner = node("startEvent", "in") + node("userTask", "ask") + node("userTask", "sign") + node("endEvent", "out")
    inner += node("exclusiveGateway", "need", more='default="need_to_short"') + node("endEvent", "short")
    inner += node("intermediateThrowEvent", "raise", escalate)
    inner += flows("in >> ask >> need", "need >> [ask.opinion] raise >> sign >> out", "need >> short")
    body = START + node("subProcess", "block", inner) + node("userTask", "opinion") + node("inclusiveGateway", "meet")
    body += node("boundaryEvent", "asked", escalate, 'attachedToRef="block" cancelActivity="false"')
    body += node("userTask", "close") + node("endEvent", "end", end_state="done")
    drawn = body + flows("begin >> block >> meet >> close >> end", "asked >> opinion >> meet")
    messages = '<bpmn:escalation id="e" name="e" escalationCode="e"/>'

    with_opinion = Case(parse(drawn, messages=messages))
    with_opinion.start()
    with_opinion.do("ask", opinion=True)
    assert with_opinion.open() == ["opinion", "sign"]
    with_opinion.do("sign")
    assert with_opinion.open() == ["opinion"]
    with_opinion.do("opinion")
    assert with_opinion.open() == ["close"]

    without = Case(parse(drawn, messages=messages))
    without.start()
    without.do("ask", opinion=False)
    assert without.open() == ["close"]


def test_a_second_completion_is_refused() -> None:
    case = Case(parse(START + node("userTask", "a") + node("endEvent", "end") + flows("begin >> a >> end")))
    first = case.start()
    [key] = first.after.tasks
    done = case.do("a")
    with pytest.raises(ConcurrentUpdate):
        runner.complete(case.definition, done.state, case.world(), task=key, values={})


def test_an_expression_that_fails_names_its_element() -> None:
    body = START + node("userTask", "a", candidate='head_of(number("x"))') + node("endEvent", "end")
    with pytest.raises(StepFailed) as caught:
        Case(parse(body + flows("begin >> a >> end"))).start()
    assert caught.value.context["element"] == "a"


def test_a_moved_appointment_changes_the_due_time_and_nothing_else() -> None:
    body = START + node("userTask", "visit") + node("endEvent", "end") + flows("begin >> visit >> end")
    case = Case(parse(body + deadline("visit", "hours(3)", "T-05")))
    case.start()
    [key] = case.step.after.timers
    due = case.now + timedelta(days=3)
    case.steps.append(runner.reschedule(case.definition, case.step.state, case.world(), timer=key, due=due))
    assert case.dues() == {"visit": "09-29 09:00"}
    assert list(case.step.after.timers) == [key]


def test_the_same_operation_twice_in_one_command_is_performed_twice() -> None:
    tell = '<bpmn:extensionElements><spiffworkflow:serviceTaskOperator id="tell"><spiffworkflow:parameters/>'
    tell += "</spiffworkflow:serviceTaskOperator></bpmn:extensionElements>"
    body = START + node("serviceTask", "first", tell) + node("serviceTask", "second", tell) + node("endEvent", "end")
    definition = parse(body + flows("begin >> first >> second >> end"))
    told: list[str] = []
    world = Case(definition).world()
    world.functions = {"operation:tell": lambda: {"number": told.append("told") or len(told)}}

    runner.start(definition, world)

    assert [read[3] for read in world.reads] == [{"number": 1}, {"number": 2}]


TURN = node("startEvent", "go") + node("userTask", "answer") + node("endEvent", "stop") + flows("go >> answer >> stop")


def test_a_call_that_flows_straight_into_itself_knows_of_each_round() -> None:
    turns = node("callActivity", "turns", more='calledElement="turn"', input__n='rounds("turns")')
    case = Case(parse(START + turns + flows("begin >> turns >> turns"), turn=TURN))
    case.start()

    seen = []
    for n in range(1, 5):
        seen.append(case.data(f"turns:{n}")["input"]["n"])
        case.do("answer")

    assert seen == [0, 1, 2, 3]


def test_a_call_knows_of_the_call_or_block_right_before_it() -> None:
    known = {"input__n": 'rounds("first")', "input__at": 'done_at("block")', "input__who": 'doer_of("block")'}
    inner = node("startEvent", "in") + node("userTask", "work") + node("endEvent", "out") + flows("in >> work >> out")
    body = START + node("callActivity", "first", more='calledElement="turn"') + node("subProcess", "block", inner)
    body += node("callActivity", "second", more='calledElement="turn"', **known) + node("endEvent", "end")
    case = Case(parse(body + flows("begin >> first >> block >> second >> end"), turn=TURN))
    case.start()
    case.do("answer")
    case.do("work", HOUR, actor="person:7")

    assert case.data("second:1")["input"] == {"n": 1, "at": case.now.isoformat(), "who": "person:7"}


def test_a_wait_counts_from_the_call_right_before_it() -> None:
    wait = "<bpmn:timerEventDefinition><bpmn:timeDate>hours(2, after=done_at(&quot;first&quot;))</bpmn:timeDate>"
    body = START + node("callActivity", "first", more='calledElement="turn"')
    body += node("intermediateCatchEvent", "pause", f"{wait}</bpmn:timerEventDefinition>") + node("endEvent", "end")
    case = Case(parse(body + flows("begin >> first >> pause >> end"), turn=TURN))
    case.start()
    case.do("answer", HOUR)

    assert [timer.due_at - case.now for timer in case.step.after.timers.values()] == [2 * HOUR]
