"""Say in Chinese or English what the engine has to say: errors, problems of a diagram, notices.

Code and parameters travel, never finished sentences. A new code is a line here; both texts use the same parameters.
"""

from datetime import datetime
from typing import Any

from engine.clock import OFFICE
from engine.form_messages import FORM_MESSAGES
from engine.sheet_messages import SHEET_MESSAGES
from engine.studio_messages import STUDIO_MESSAGES

LONGEST_PARAMETER = 120

MESSAGES: dict[str, tuple[str, str]] = {
    **FORM_MESSAGES,
    **SHEET_MESSAGES,
    **STUDIO_MESSAGES,
    # Requests
    "engine.failed": (
        "系统没能完成这项操作，已记录，请稍后再试。",
        "The system could not do this. It is on record; try later.",
    ),
    "engine.broken": (
        "系统出了故障，已记录，请联系管理员。",
        "Something broke. It is on record; tell the administrator.",
    ),
    "request.refused": ("这项请求无法办理。", "This request can't be carried out."),
    "request.not_found": ("没有找到，或你无权查看。", "It was not found, or you may not see it."),
    "request.duplicate": (
        "同一请求正在办理或已用于其他内容，请刷新页面。",
        "The same request is under way or was used before; reload.",
    ),
    "access.forbidden": ("你没有办理这件事的权限。", "You may not do this."),
    "login.refused": ("用户名或密码不正确。", "The name or the password is wrong."),
    "login.throttled": ("尝试次数过多，请稍等几分钟再试。", "Too many attempts. Wait a few minutes."),
    "command.invalid": (
        "请求内容不完整或有误，请检查后重发。",
        "The request is incomplete or wrong. Check it and send it again.",
    ),
    "person.unavailable": (
        "这位同事已停用或不存在，没有改动。请另选一位。",
        "This person has left or does not exist; nothing was changed. Choose another.",
    ),
    "form.rejected": (
        "表单有 {count} 处需要修改，你填的内容已保留。",
        "{count} fields need a change. What you typed is kept.",
    ),
    "file.refused": ("不接收这种类型的文件。", "This kind of file is not taken."),
    "file.too_large": (
        "文件超过 {limit_megabytes} MB，请压缩后再传。",
        "The file is over {limit_megabytes} MB. Make it smaller.",
    ),
    # Tasks and cases
    "task.already_completed": (
        "这项任务已被他人完成，你填的内容没有提交。",
        "Somebody else has completed this task. What you typed was not sent.",
    ),
    "task.already_claimed": ("这项任务已被他人领取。", "Somebody else has taken this task."),
    "task.stale": (
        "任务在你打开页面后有变动，请刷新后再办。",
        "The task has changed since you opened it. Reload and try again.",
    ),
    "task.too_early": ("{until} 之前不能完成这项任务。", "This task can't be completed before {until}."),
    "case.suspended": ("案件已挂起，恢复后才能办理。", "The case is suspended. It must be resumed first."),
    "case.closed": ("案件已结束，不能再办理。", "The case is closed."),
    "case.key_taken": (
        "编号 {key} 已被本流程的另一案件使用。",
        "The number {key} is used by another case of this procedure.",
    ),
    # What process owners write
    "diagram.invalid": (
        "流程图有 {count} 处问题，不能发布。",
        "The diagram has {count} problems and can't be deployed.",
    ),
    "form_schema.invalid": ("表单定义有 {count} 处问题。", "The form definition has {count} problems."),
    "story.failed": ("情景与预期不符。", "The story did not go as it says."),
    # What operators look at
    "calendar.too_short": (
        "工作日历中找不到符合条件的日期，请检查日历设置。",
        "The calendar has no such day. Check its entries.",
    ),
    "replay.mismatch": (
        "重演与记录不一致，请联系管理员核查。",
        "The replay differs from the record. It must be looked into.",
    ),
    "log.chain_broken": (
        "操作记录链已断，请立即联系管理员。",
        "The chain of the log is broken. Tell the administrator at once.",
    ),
    "state.unreadable": ("本版本无法读取该案件的状态。", "This release can't read the state of the case."),
    "step.failed": (
        "流程在 {element} 处无法继续，已记为异常，请联系流程负责人。",
        "The process can't go on at {element}. An incident is on record for the process owner.",
    ),
    "operation.failed": (
        "自动操作没有成功，可以重试。",
        "The automatic operation did not succeed. It can be tried again.",
    ),
    "paper.failed": (
        "单据没有生成。请流程负责人检查单据模板，然后重试。",
        "The paper could not be made. Let the process owner look at its template, then try again.",
    ),
    "audit.altered": ("完整性核验发现 {count} 处问题。", "The proof of the record found {count} flaws."),
    "seal.key_lost": (
        "封存签名用的密钥不见了，不能继续封存。请把密钥放回去。",
        "The key that signs the seals is gone, so none can be made. Put it back.",
    ),
    "database.unavailable": ("数据库暂时连不上，请稍后再试。", "The database can't be reached. Try again shortly."),
    "database.busy": ("系统繁忙，请稍后再试。", "The system is busy. Try again shortly."),
    "schema.too_old": (
        "数据库结构较旧，请运行 renoflow migrate。",
        "The database is older than this program: run renoflow migrate.",
    ),
    "schema.too_new": (
        "数据库结构比程序新，请升级程序。",
        "The database is newer than this program: install the newer release.",
    ),
    "server.already_running": (
        "已有另一个进程在使用这个 SQLite 数据库，请先停止它。",
        "Another process serves from this SQLite database. Stop it first.",
    ),
    "settings.invalid": ("设置 {name} 的值不能使用。", "The setting {name} has a value that can't be used."),
    # Kinds of values, as they stand in other messages
    "kind.text": ("文本", "text"),
    "kind.number": ("数字", "a number"),
    "kind.yes_no": ("是/否", "yes/no"),
    "kind.list": ("列表", "a list"),
    "kind.record": ("一组字段", "a set of fields"),
    "kind.nothing": ("空值", "nothing"),
    "kind.other": ("其他类型的值", "a value of another kind"),
    # Expressions
    "expression.refused": ("表达式第 {column} 个字符处：{reason}", "Expression, character {column}: {reason}"),
    "expression.syntax": (
        "写法有误，请检查括号、引号和运算符。",
        "it can't be read; check brackets, quotes and operators",
    ),
    "expression.chinese_punctuation": (
        "“{sign}”是中文标点，请改用英文标点。",
        "“{sign}” is Chinese punctuation; use the English one",
    ),
    "expression.comment": ("表达式里不能写注释（#）。", "an expression can't hold a comment (#)"),
    "expression.too_long": ("表达式最多 {limit} 个字符。", "an expression has at most {limit} characters"),
    "expression.too_many_parts": (
        "表达式最多 {limit} 个组成部分，请拆分或改用决策表。",
        "at most {limit} parts; split it or use a decision table",
    ),
    "expression.too_deep": ("嵌套最多 {limit} 层。", "at most {limit} levels of nesting"),
    "expression.not_in_language": ("不支持这种写法（{part}）。", "this is not part of the language ({part})"),
    "expression.use_a_list": ('多个值请写成方括号列表，如 ["a", "b"]。', 'write several values as a list: ["a", "b"]'),
    "expression.bad_name": (
        "名称“{name}”不能用：只能是英文小写加下划线，不以下划线开头。",
        "“{name}” can't be a name here",
    ),
    "expression.number_too_large": (
        "数值超出范围（最多 {limit} 位整数）。",
        "the number is out of range (at most {limit} whole digits)",
    ),
    "expression.number_form": (
        "数字“{number}”请写成 12 或 12.50 的形式。",
        "write the number “{number}” as 12 or 12.50",
    ),
    "expression.text_too_long": ("文本最多 {limit} 个字符。", "a text has at most {limit} characters"),
    "expression.list_too_long": ("列表最多 {limit} 项。", "a list has at most {limit} items"),
    "expression.unknown_name": (
        "没有“{name}”这个名称；文本请加引号。",
        "there is no name “{name}”; put quotes around text",
    ),
    "expression.unknown_function": ("没有“{name}”这个函数。", "there is no function “{name}”"),
    "expression.argument_count": (
        "{function} 应有 {least} 到 {most} 个参数。",
        "{function} takes {least} to {most} arguments",
    ),
    "expression.unknown_argument": (
        "{function} 没有名为“{argument}”的参数。",
        "{function} has no argument named “{argument}”",
    ),
    "expression.needs_number": (
        "“{operator}”只用于数字，这里是{found}；文本形式的数字请用 number(…)，空值请先判断。",
        "“{operator}” takes numbers, this is {found}; number(…) reads a number in text, test for None first",
    ),
    "expression.not_comparable": (
        "{left}和{right}不能比较；文本形式的数字请用 number(…)。",
        "{left} can't be compared with {right}; number(…) reads a number in text",
    ),
    "expression.needs_list": ("“{operator}”需要列表，这里是{found}。", "“{operator}” takes a list, this is {found}"),
    "expression.needs_text": ("“{operator}”需要文本，这里是{found}。", "“{operator}” takes text, this is {found}"),
    "expression.needs_yes_no": ("“{operator}”的条件不能是{found}。", "“{operator}” can't decide by {found}"),
    "expression.item_without_fields": (
        "列表中的项没有字段，取不到“{field}”。",
        "the items of the list have no fields: “{field}” can't be read",
    ),
    "expression.list_field": (
        '“{name}”有多份结果，请用 pick({name}, "{field}") 或 any_of(…)、all_of(…)。',
        '“{name}” is a list of results: use pick({name}, "{field}"), any_of(…) or all_of(…)',
    ),
    "expression.no_fields": (
        "“{name}”没有字段，不能写“{name}.{field}”。",
        "“{name}” has no fields: “{name}.{field}” can't be read",
    ),
    "expression.value_kind": (
        "“{name}”是{found}，不能用在表达式里。",
        "“{name}” is {found} and can't be used in an expression",
    ),
    "expression.divide_by_zero": ("除数为零。", "division by zero"),
    "expression.write_instead": ("“{literal}”请写成 {correction}。", "write {correction} for “{literal}”"),
    "expression.not_an_instant": ("“{value}”不是日期或时间。", "“{value}” is not a date or a time"),
    "expression.not_a_number": ("“{value}”不是数字。", "“{value}” is not a number"),
    "expression.not_whole": ("“{value}”应为整数。", "“{value}” must be a whole number"),
    "expression.out_of_range": (
        "“{value}”应在 {least} 到 {most} 之间。",
        "“{value}” must lie between {least} and {most}",
    ),
    "expression.not_a_weekday": (
        "“{value}”不是星期：mon tue wed thu fri sat sun。",
        "“{value}” is none of mon tue wed thu fri sat sun",
    ),
    "expression.not_a_time": ('“{value}”不是时刻，请写成 "10:30"。', '“{value}” is not a time of day such as "10:30"'),
    "expression.not_a_key": (
        "“{value}”不是部门、小组或人员的键。",
        "“{value}” is not the key of a department, group or person",
    ),
    # Notices
    "notice.breach": (
        "{case}：时限 {deadline} 已于 {due_at} 到期，尚未办完。",
        "{case}: deadline {deadline} passed at {due_at} and the work is still open.",
    ),
    "notice.reminder": (
        "{case}：时限 {deadline} 将于 {due_at} 到期。",
        "{case}: deadline {deadline} ends at {due_at}.",
    ),
    "notice.transferred": ("{case}：一项待办已转交给你。", "{case}: a task was handed to you."),
    "notice.number": (
        "消息编号 {number}。再次收到同一编号，是重复发送。",
        "Message {number}. The same number again is the same message sent twice.",
    ),
    "notice.complaint_severity": ("{case}：投诉定为中等或重大。", "{case}: the complaint is medium or major."),
    "notice.complaint_transferred": ("{case}：投诉已转给贵部门。", "{case}: a complaint came to your department."),
    "notice.written_notice": ("{case}：第二次投诉的书面通知。", "{case}: the written notice of a second complaint."),
    "notice.pre_acceptance_result": ("{case}：预验收有结果了。", "{case}: the pre-acceptance has a result."),
    "notice.rectification_due": ("{case}：限期整改。", "{case}: rectification within a time limit."),
    "notice.foreman_replaced": ("{case}：工地已调换工长。", "{case}: the site has a new foreman."),
    "notice.excellent_site": ("{case}：评为优秀工地。", "{case}: chosen as an excellent site."),
    "notice.settlement_refused": ("{case}：工程款不予结算。", "{case}: the works are not settled."),
    "notice.penalty_confirmed": ("{case}：过失单已确认。", "{case}: the fault slip was confirmed."),
    "notice.repair_taken_over": (
        "{case}：报修已转维修队长，请安排好人工和材料。",
        "{case}: the repair went to the captain. Have workers and material ready.",
    ),
    "notice.repair_costs_settled": (
        "{case}：当月维修费用已从质保金扣除。",
        "{case}: the month's repair costs were taken out of the retention.",
    ),
    "notice.retention_too_small": (
        "{case}：质保金不够扣维修费用，其余记为应收。",
        "{case}: the retention does not cover the repair costs; the crew owes the rest.",
    ),
    "notice.repair_check_tomorrow": (
        "{case}：明天上午 10:30 前核对报修。",
        "{case}: the repairs are checked tomorrow before 10:30.",
    ),
    "notice.repair_training": ("{case}：请派维修人员参加培训。", "{case}: please send your workers to the training."),
    "notice.contract_cancelled": (
        "{case}：合同已解除，设计师当月产值已核减。",
        "{case}: the contract is cancelled, the designer's output of the month was reduced.",
    ),
    "notice.loss_fee_notice": ("{case}：已开退单损失费通知单。", "{case}: the loss-fee notice was issued."),
    "notice.refund_slot": (
        "{case}：退款定在 {day} 下午。请通知客户带合同终止单原件和交款收据。",
        "{case}: the refund is on the afternoon of {day}. Ask the customer to bring termination sheet and receipts.",
    ),
    "notice.refund_slot_open": ("{case}：退款时段已开始，可以付款。", "{case}: the refund may be paid now."),
    "notice.papers_kept": (
        "{case}：{paper}保存到 {until}，请检查后处理。",
        "{case}: {paper}, kept until {until}; review them for disposal.",
    ),
    "paper.termination": ("合同终止资料", "the papers of the termination"),
    "notice.next_payroll": ("{case}：已过当月发薪，下月扣回。", "{case}: payroll has run; deduct it next month."),
    "notice.arbitration_date": ("{case}：仲裁或开庭日期将到。", "{case}: a date of the arbitration or court is near."),
    "notice.record_altered": (
        "完整性核验发现 {count} 处问题，请到“完整性核验”查看。",
        "The nightly proof found {count} flaws in the record; see “Proof of the record”.",
    ),
    "notice.incident": (
        "后台任务多次失败，需要人工处理：{kind}。",
        "A job was given up and needs a person: {kind}.",
    ),
    # Findings of the audit
    "log.missing": ("记录缺失。", "A record is missing."),
    "log.broken_chain": ("与上一条记录不衔接。", "It does not follow from the record before."),
    "log.changed_command": ("记录被改动。", "The record was changed."),
    "log.changed_submission": ("提交内容被改动。", "What was submitted was changed."),
    "log.missing_submission": ("提交内容缺失。", "What was submitted is missing."),
    "log.stray_submission": ("提交内容没有对应的记录。", "A submission belongs to no record."),
    "log.changed_state": ("案件状态被改动。", "The state of the case was changed."),
    "log.changed_deployment": ("已发布的流程文件被改动。", "The files of a deployment were changed."),
    "ledger.unbalanced": ("账目不平，或质保金为负。", "An entry does not add up, or a retention is below 0."),
    "log.missing_trigger": ("保护记录的触发器缺失。", "A trigger that guards the record is missing."),
    "log.changed_case": ("案件的编号、版本或时间被改动。", "The case's number, version or times were changed."),
    "log.changed_row": ("登记内容与记录不符。", "What a register holds differs from the record."),
    "log.stray_row": ("列表里有不属于任何案件的内容。", "A list holds something that belongs to no case."),
    "file.missing": ("上传的文件不见了。", "An uploaded file is missing."),
    "file.changed": ("上传的文件被改动。", "An uploaded file was changed."),
    "access.missing": ("查阅记录缺失。", "A row of the access log is missing."),
    "access.changed": ("查阅记录被改动。", "A row of the access log was changed."),
    "access.broken_chain": ("查阅记录与上一条不衔接。", "A row of the access log does not follow from the one before."),
    "seal.no_key": ("没有核对封存的公钥。", "The public key that checks the seals is missing."),
    "seal.other_key": ("封存的公钥被换过。", "The public key of the seals was exchanged."),
    "seal.removed": ("这一天的封存从数据库里删掉了。", "The seal of this day was removed from the database."),
    "seal.changed": ("这一天的封存被改过。", "The seal of this day was changed."),
    "seal.file_removed": ("这一天的封存文件不见了。", "The file of this day's seal is missing."),
    "seal.file_changed": ("这一天的封存文件被改过。", "The file of this day's seal was changed."),
    "seal.missing": ("这一天之前缺一份封存。", "A seal before this day is missing."),
    "seal.broken_chain": ("这一天的封存与前一份不衔接。", "The seal of this day does not follow the one before."),
    "seal.lost_row": ("这一天封存过的记录不见了。", "A record that was sealed on this day is gone."),
    "seal.other_history": (
        "这一天封存之后，记录被整体改写。",
        "The record was rewritten after it was sealed on this day.",
    ),
    "replay.projection": ("列表数据与案件状态不符。", "What lists show differs from the state of the case."),
    "log.cut_off": ("记录末尾缺失，或案件没有记录。", "The end of the record is missing, or all of it."),
    "replay.reads": ("重放时提出的查询与记录不符。", "The replay asked something that was not recorded."),
    "replay.failed": ("重放失败。", "The replay failed."),
    "replay.older_epoch": (
        "记录链完整；由旧版本记录，当前版本不能重放。",
        "The chain is intact; an older release recorded it and this one can't re-execute it.",
    ),
    "message.unreceived": ("消息逾期无人接收。", "Nobody waited for the message in time."),
}


class _Parameters(dict[str, Any]):
    """Give an ellipsis for a parameter that is missing: an error page must not fail over its own text."""

    def __missing__(self, name: str) -> str:
        return "…"


def say(code: str, language: str, **parameters: Any) -> str:
    """Return the text of a code in `language` ("zh…", or English for anything else).

    A parameter that is itself a code is said in the same language; an instant is shown in office time; long text is
    cut. An unknown code is returned as it is.
    """
    chinese, english = MESSAGES.get(code, (code, code))
    text = chinese if language.startswith("zh") else english

    def shown(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(OFFICE).strftime("%Y-%m-%d %H:%M")
        if isinstance(value, str) and value in MESSAGES and value != code:
            return say(value, language, **{name: other for name, other in parameters.items() if other != value})
        if isinstance(value, str) and len(value) > LONGEST_PARAMETER:
            return value[:LONGEST_PARAMETER] + "…"
        return value

    return text.format_map(_Parameters({name: shown(value) for name, value in parameters.items()}))
