"""Texts about deadlines, ids, names and procedure.toml. See texts.py."""

TEXTS: dict[str, tuple[str, str]] = {
    # Deadlines
    "deadlines.none": (
        "步骤“{name}”没有时限，没人办也不会提醒。请加时限；确实不用限时的，在“不设时限，因为”里写明。",
        "The step “{name}” has no deadline, and nobody hears of it when it is left. Give it one, or say in no_deadline "
        "why it needs none.",
    ),
    "deadlines.literal": (
        "定时“{element}”写的是“{text}”，不是表达式。请改为 {correction}。",
        "The timer “{element}” holds “{text}”, which is no expression. Write {correction}.",
    ),
    "deadlines.no_instant": (
        "定时“{element}”的“{text}”不是时刻。请用 hours(3)、at(元素.日期字段) 等。",
        "“{text}” of the timer “{element}” is no instant. Use hours(3), at(element.date_field) or the like.",
    ),
    "deadlines.id": (
        "“{element}”的时限编号“{deadline}”不对。请写成 T-01 这样。",
        "The deadline id “{deadline}” of “{element}” is malformed. Write it like T-01.",
    ),
    "deadlines.not_a_boundary_timer": (
        "“{element}”标了时限 {deadline}，但不是边界定时。请把时限画成任务边上的非中断定时。",
        "“{element}” bears the deadline {deadline} but is no boundary timer. Draw it on the edge of the task.",
    ),
    "deadlines.interrupting": (
        "时限 {deadline}（“{element}”）会中断任务；超时后工作必须继续。请改为非中断。",
        "The deadline {deadline} (“{element}”) interrupts; work stays open after a breach. Make it non-interrupting.",
    ),
    "deadlines.host": (
        "时限 {deadline}（“{element}”）附在“{host}”上。请附在用户任务，或包住这些步骤的子流程上。",
        "The deadline {deadline} (“{element}”) is attached to “{host}”. Attach it to a user task or a sub-process.",
    ),
    "deadlines.only_on_deadlines": (
        "“{element}”写了 {name}，但没有 deadline。请补上时限编号，或删除 {name}。",
        "“{element}” has {name} but no deadline. Add the deadline's id, or delete {name}.",
    ),
    "deadlines.breach_place": (
        "只有普通结束事件能写 breach，“{element}”不是。请移到时限下面的结束事件。",
        "Only a plain end event may have breach; “{element}” is none. Move it to the end below the deadline.",
    ),
    "deadlines.breach_value": (
        "“{element}”的 breach 不能是“{value}”。请写 default。",
        "The breach of “{element}” can't be “{value}”. Write default.",
    ),
    "deadlines.breach_path": (
        "结束事件“{element}”写了 breach，但“{source}”不是时限定时。请只从时限定时直接连过来。",
        "The end “{element}” has breach, but “{source}” is no deadline's timer. Connect it to deadlines' timers only.",
    ),
    # Names
    "names.no_settings": (
        "缺少 procedure.toml。请写标题、负责人和泳道。",
        "procedure.toml is missing. Write title, owner and lanes.",
    ),
    "names.setting_missing": (
        "procedure.toml 缺少“{key}”。请补上。",
        "procedure.toml lacks “{key}”. Add it.",
    ),
    "names.lane_principal": (
        "泳道“{element}”的归属写错了（{principal}）。请写 group:组名 或 dynamic。",
        "The lane “{element}” has a malformed principal ({principal}). Write group:… or dynamic.",
    ),
    "names.starter": (
        "starters 里的“{principal}”不是归属键。请写成 group:{principal}。",
        "“{principal}” in starters is no principal. Write group:{principal}.",
    ),
    "names.parameter_float": (
        '参数“{element}”是小数（{value}）。请写成文本，如 "0.30"，用 number(…) 读取。',
        'The parameter “{element}” is a float ({value}). Write it as text such as "0.30" and read it by number(…).',
    ),
    "names.parameter_kind": (
        "参数“{element}”只能是文本、整数、是否或它们的列表。请改写。",
        "The parameter “{element}” must be text, a whole number, true/false or a list of these. Rewrite it.",
    ),
    "names.english": (
        'procedure.toml 的 [english] 只能写 "名称" = "英文名"。请改写。',
        '[english] in procedure.toml takes lines such as "登记投诉" = "Register complaint" only. Rewrite it.',
    ),
    "names.no_english": (
        "procedure.toml 的 [english] 缺少 {count} 个名称的英文：{names}。请补上。",
        "[english] in procedure.toml lacks the English of {count} names: {names}. Add it.",
    ),
    "names.procedure": (
        "文件夹名“{procedure}”不合规。请用小写字母和连字符，如 complaint-handling。",
        "The folder name “{procedure}” is malformed. Use small letters and hyphens, like complaint-handling.",
    ),
    "names.process_id": (
        "流程 id“{id}”与文件夹不符。请改为 {wanted}。",
        "The process id “{id}” does not fit the folder. Make it {wanted}.",
    ),
    "names.id": (
        "id“{id}”不合规。请用说得出口的英文小写下划线，如 sign_receipt。",
        "The id “{id}” is malformed. Use speaking snake_case such as sign_receipt.",
    ),
    "names.flow_id": (
        "顺序流 id“{element}”不合规。建议改为 {wanted}。",
        "The flow id “{element}” is malformed. Call it {wanted}.",
    ),
    "names.reserved": (
        "id“{id}”在表达式里另有含义。请换一个。",
        "The id “{id}” means something else in expressions. Choose another.",
    ),
    "names.missing": (
        "“{element}”没有名称。请起一个四到六个字的中文名。",
        "“{element}” has no name. Give it a Chinese name of four to six characters.",
    ),
    "names.not_chinese": (
        "“{element}”的名称“{name}”不是中文。请起一个中文名。",
        "The name “{name}” of “{element}” is not Chinese. Give it a Chinese name.",
    ),
    "names.length": (
        "“{element}”的名称“{name}”长短不合适。请用四到六个字（最多 {most} 个）。",
        "The name “{name}” of “{element}” should have four to six characters (at most {most}).",
    ),
    "names.no_question": (
        "排他网关“{element}”的名称“{name}”请写成问句，以“？”结尾。",
        "Name the exclusive gateway “{element}” (“{name}”) as a question ending in “？”.",
    ),
    "names.no_answer": (
        "“{gateway}”的流出“{element}”没有名称。请写成对问句的回答。",
        "The flow “{element}” of “{gateway}” has no name. Name it as an answer to the question.",
    ),
}
