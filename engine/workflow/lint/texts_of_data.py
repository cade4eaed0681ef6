"""Texts about what a diagram refers to: tasks, expressions, decisions, files. See texts.py."""

TEXTS: dict[str, tuple[str, str]] = {
    # Tasks
    "tasks.script": (
        "“{element}”带有脚本（{tag}）。请删除；需要计算时用服务任务或决策表。",
        "“{element}” has a script ({tag}). Delete it; use a service task or a decision table.",
    ),
    "tasks.extension": (
        "“{element}”带有不支持的扩展 {tag}。请删除，用属性（properties）代替。",
        "“{element}” has the extension {tag}, which is not supported. Delete it and use properties.",
    ),
    "tasks.property": (
        "“{element}”不认识属性“{name}”。这里可用：{known}。",
        "“{element}” does not know the property “{name}”. Known here: {known}.",
    ),
    "tasks.property_name": (
        "“{element}”的属性“{name}”名称不对。点后面请用英文字母、数字和下划线。",
        "The property “{name}” of “{element}” is malformed. Use letters, digits and _ after the dot.",
    ),
    "tasks.standard_loop": (
        "“{element}”用了循环标记。请用排他网关画回头路，或用多实例和 for_each。",
        "“{element}” has a loop marker. Draw the way back by a gateway, or use multi-instance with for_each.",
    ),
    "tasks.multi_kind": (
        "“{element}”不能多实例。请放进多实例的子流程。",
        "“{element}” can't be multi-instance. Put it into a multi-instance sub-process.",
    ),
    "tasks.no_for_each": (
        "多实例“{element}”没有 for_each。请填一个列表表达式（最多 200 项）。",
        "The multi-instance “{element}” has no for_each. Give it an expression for a list (at most 200 items).",
    ),
    "tasks.nested_multi": (
        "多实例“{element}”在另一个多实例里面，外层各项的答复会互相覆盖。请把里面的部分做成单独的流程，用调用活动连接。",
        "The multi-instance “{element}” stands inside of another; the outer items would overwrite each other's "
        "answers. Make the inner part a procedure of its own and call it.",
    ),
    "tasks.for_each_without_marker": (
        "“{element}”写了 for_each，但没有多实例标记。请加上并行或顺序标记。",
        "“{element}” has for_each but no multi-instance marker. Add a parallel or sequential one.",
    ),
    "tasks.loop_extra": (
        "多实例“{element}”用了 {tag}。请删除，只写 for_each。",
        "The multi-instance “{element}” uses {tag}. Delete it and write for_each only.",
    ),
    "tasks.nobody": (
        "“{element}”不在任何泳道里，也没写 candidate。请放进泳道或写明由谁办理。",
        "“{element}” is in no lane and has no candidate. Put it into a lane or say who does it.",
    ),
    "tasks.dynamic_lane": (
        "“{element}”在动态泳道“{lane}”里，必须写 candidate。请填由谁办理的表达式。",
        "“{element}” is in the dynamic lane “{lane}” and needs a candidate. Write an expression for who does it.",
    ),
    "tasks.unknown_lane": (
        "procedure.toml 的 [lanes] 里没有泳道“{lane}”。请补上它属于哪个组。",
        "The lane “{lane}” is not in [lanes] of procedure.toml. Add the group it belongs to.",
    ),
    "tasks.lane_member": (
        "泳道“{element}”列了不存在的元素“{member}”。请从 flowNodeRef 中删除。",
        "The lane “{element}” lists “{member}”, which does not exist. Delete the flowNodeRef.",
    ),
    "tasks.two_lanes": (
        "“{element}”同时在泳道“{first}”和“{second}”里。请只留一个。",
        "“{element}” is in the lanes “{first}” and “{second}”. Keep one.",
    ),
    "tasks.unknown_group": (
        "“{element}”提到的组“{group}”不存在。请核对组的键，或先建立这个组。",
        "“{element}” names the group “{group}”, which does not exist. Check the key or create the group.",
    ),
    "tasks.empty_group": (
        "“{element}”由“{group}”办理，但里面现在没有人，任务会没有人接。请在“人员与小组”里加人，或改由别的组办理。",
        "“{element}” is done by “{group}”, where there is nobody now: its tasks would wait for ever. Add people to it, "
        "or let another group do it.",
    ),
    "tasks.no_form": (
        "“{element}”的表单“{form}”不存在。请新建 forms/{form}.json，或改属性 form。",
        "The form “{form}” of “{element}” does not exist. Add forms/{form}.json or change the property form.",
    ),
    "tasks.no_operation": (
        "服务任务“{element}”没有指定操作。请填 serviceTaskOperator 的 id。",
        "The service task “{element}” names no operation. Fill the id of its serviceTaskOperator.",
    ),
    "tasks.unknown_operation": (
        "“{element}”的操作“{operation}”不存在。现有：{known}。",
        "“{element}” names the operation “{operation}”, which does not exist. There are: {known}.",
    ),
    "tasks.unknown_parameter": (
        "“{element}”：操作“{operation}”没有参数“{parameter}”。请删除或改名。",
        "“{element}”: the operation “{operation}” has no parameter “{parameter}”. Delete or rename it.",
    ),
    "tasks.missing_parameter": (
        "“{element}”：操作“{operation}”缺少参数“{parameter}”。请补上表达式。",
        "“{element}”: the operation “{operation}” needs the parameter “{parameter}”. Give it an expression.",
    ),
    "tasks.no_decision": (
        "规则任务“{element}”没有指定决策。请填 calledDecisionId。",
        "The business rule task “{element}” names no decision. Fill calledDecisionId.",
    ),
    "tasks.unknown_decision": (
        "“{element}”的决策“{decision}”不存在。请加上文件 {decision}.dmn。",
        "“{element}” names the decision “{decision}”, which does not exist. Add the file {decision}.dmn.",
    ),
    "tasks.no_called_process": (
        "调用活动“{element}”没有指定流程。请填 calledElement。",
        "The call activity “{element}” names no process. Fill calledElement.",
    ),
    "tasks.calls_itself": (
        "“{element}”调用了它自己所在的流程，永远不会结束。请改用循环。",
        "“{element}” calls the process it stands in and would never end. Draw a loop instead.",
    ),
    "tasks.unknown_process": (
        "“{element}”调用的流程“{process}”不存在。请核对流程 id（文件夹名，- 换成 _），或先发布它。",
        "“{element}” calls “{process}”, which does not exist. Check the process id, or deploy that procedure first.",
    ),
    "tasks.missing_input": (
        "“{element}”没有给流程“{process}”所需的 input.{input}。请加上这个属性。",
        "“{element}” does not give “{process}” its input.{input}. Add the property.",
    ),
    "tasks.unused_input": (
        "“{element}”给了 input.{input}，流程“{process}”没有用到。可以删除。",
        "“{element}” gives input.{input}, which “{process}” does not read. It can go.",
    ),
    "tasks.no_end_state": (
        "结束事件“{element}”没有写 end_state。请填结案状态，如 closed_satisfied。",
        "The end event “{element}” has no end_state. Give the end state of the case, such as closed_satisfied.",
    ),
    "tasks.end_state_name": (
        "“{element}”的 end_state“{value}”不合规。请用小写下划线，如 closed_satisfied。",
        "The end_state “{value}” of “{element}” is malformed. Use snake_case such as closed_satisfied.",
    ),
    "tasks.end_state_inside": (
        "子流程里的结束事件“{element}”不能写 end_state。请写在最外层的结束事件上。",
        "The end “{element}” inside a sub-process can't have an end_state. Put it on the top-level ends.",
    ),
    # Expressions
    "expressions.refused": (
        "“{element}”的 {role}“{text}”不能用：{reason_zh}（第 {column} 个字符）",
        "{role} of “{element}”, “{text}”, can't be used: {reason_en} (character {column}). Correct it.",
    ),
    "expressions.kind": (
        "“{element}”的 {role}“{text}”算不出结果：文本和列表不能做加减乘除，条件必须得出是或否。请改写。",
        "{role} of “{element}”, “{text}”, has no value: text and lists do no sums, conditions say yes or no. Rewrite.",
    ),
    "expressions.unknown_function": (
        "“{element}”的 {role} 用了函数“{name}”，没有这个函数。请核对（{known}）。",
        "{role} of “{element}” calls “{name}”, which is no function. Check its name ({known}).",
    ),
    "expressions.unknown_name": (
        "“{element}”的 {role} 里“{name}”是什么？数据请写“元素id.字段”，文本请加引号。",
        "What is “{name}” in {role} of “{element}”? Write element.field for data and quotes around text.",
    ),
    "expressions.whole_element": (
        "“{element}”的 {role} 里“{name}”只写了元素。请写明字段：{name}.字段。",
        "{role} of “{element}” names the element “{name}” alone. Say which field: {name}.field.",
    ),
    "expressions.unknown_element": (
        "“{element}”的 {role} 提到“{owner}”，流程里没有这个元素。请核对 id。",
        "{role} of “{element}” names “{owner}”, which is no element of the process. Check the id.",
    ),
    "expressions.no_data": (
        "“{element}”的 {role} 用了“{owner}.{field}”，但“{owner}”不产生数据。请改用任务的字段。",
        "{role} of “{element}” reads “{owner}.{field}”, but “{owner}” produces no data. Read a task's field.",
    ),
    "expressions.unknown_field": (
        "“{element}”的 {role} 用了“{owner}.{field}”，没有这个字段。现有：{known}。",
        "{role} of “{element}” reads “{owner}.{field}”, which does not exist. There are: {known}.",
    ),
    "expressions.mismatch": (
        "“{element}”的 {role} 把“{owner}.{field}”与 {value} 比较，不会成立。可用：{known}。",
        "{role} of “{element}” compares “{owner}.{field}” with {value}, which it can't be. Use {known}.",
    ),
    "expressions.not_yes_no": (
        "“{element}”的 {role} 里“{owner}.{field}”不是是或否。请写明比较，如 {owner}.{field} == …。",
        "“{owner}.{field}” in {role} of “{element}” is no yes or no. Write a comparison such as {owner}.{field} == ….",
    ),
    "expressions.not_a_number": (
        "“{element}”的 {role} 里“{owner}.{field}”不是整数。小数请写 number({owner}.{field})。",
        "“{owner}.{field}” in {role} of “{element}” is no whole number. Write number({owner}.{field}) for a decimal.",
    ),
    "expressions.list_field": (
        "“{element}”的 {role} 用了“{owner}.{field}”，结果是列表。请用 pick、any_of 或 all_of。",
        "{role} of “{element}” reads “{owner}.{field}”, but “{owner}” is multi-instance and gives a list. Use "
        'pick({owner}, "{field}"), any_of or all_of.',
    ),
    "expressions.private_field": (
        "“{element}”的 {role} 用了“{owner}.{field}”。文字、姓名、电话和文件只留在表单里，不能决定流转。"
        "请加一个选项字段，按它判断。",
        "{role} of “{element}” reads “{owner}.{field}”. Text, names, phones and files stay with the form: personal "
        "values do not route. Add a choice to the form and use that.",
    ),
    "expressions.asked_later": (
        "“{element}”的 {role} 用了“{owner}.{field}”，但走到这里之前还没有经过“{name}”，它总是空的。"
        "请改用前面步骤的字段，或把这一步移到“{name}”之后。",
        "{role} of “{element}” reads “{owner}.{field}”, but no path comes here through “{name}”: it is always empty. "
        "Use a field of an earlier step, or move this behind “{name}”.",
    ),
    "expressions.unknown_input": (
        "“{element}”的 {role} 用了 input.{field}，没有已知的调用者给它。请在调用活动上加这个属性。",
        "{role} of “{element}” reads input.{field}, which no known caller gives. Add it to the call activity.",
    ),
    "expressions.unknown_deadline": (
        "“{element}”的 {role} 提到时限“{name}”，流程里没有。请核对编号。",
        "{role} of “{element}” names the deadline “{name}”, which the process lacks. Check the id.",
    ),
    "expressions.unknown_parameter": (
        "“{element}”的 {role} 用了参数“{name}”，procedure.toml 的 [parameters] 里没有。请补上。",
        "{role} of “{element}” reads the parameter “{name}”, which is not in [parameters] of procedure.toml. Add it.",
    ),
    # Decisions
    "decisions.one_decision": (
        "一个 DMN 文件只能有一个决策，这里有 {found} 个。请拆成几个文件。",
        "A DMN file holds one decision; this one holds {found}. Split it.",
    ),
    "decisions.file_name": (
        "决策 id“{element}”与文件名“{name}”不同。请改成一样。",
        "The decision's id “{element}” differs from the file's name “{name}”. Make them equal.",
    ),
    "decisions.not_called": (
        "没有规则任务使用决策“{element}”。可以删除这个文件。",
        "No business rule task calls the decision “{element}”. The file can go.",
    ),
    "decisions.no_table": (
        "决策“{element}”必须正好是一张决策表（现有：{kinds}）。请改写。",
        "The decision “{element}” must be exactly one decision table (found: {kinds}). Rewrite it.",
    ),
    "decisions.hit_policy": (
        "决策“{element}”的命中策略“{policy}”不支持。请用 UNIQUE、FIRST 或 COLLECT（不带汇总）。",
        "The hit policy “{policy}” of “{element}” is not supported. Use UNIQUE, FIRST or COLLECT without aggregation.",
    ),
    "decisions.empty": (
        "决策表“{element}”缺少输入、输出或规则。请补全。",
        "The table “{element}” lacks inputs, outputs or rules. Complete it.",
    ),
    "decisions.too_many_rows": (
        "决策表“{element}”超过 {most} 行。请拆分，或改为登记簿查询。",
        "The table “{element}” has more than {most} rows. Split it, or make it a register.",
    ),
    "decisions.no_input_expression": (
        "输入列“{name}”（{element}）没有表达式。请填 元素id.字段。",
        "The input “{name}” ({element}) has no expression. Fill in element.field.",
    ),
    "decisions.output_name": (
        "输出列“{element}”的名称“{name}”缺失、重复或不合规。请用小写下划线，如 severity。",
        "The output “{element}” has a missing, repeated or malformed name (“{name}”). Use snake_case such as severity.",
    ),
    "decisions.ragged": (
        "第 {row} 行的格数与表头不符（“{element}”）。请补齐。",
        "Row {row} (“{element}”) has not as many cells as the table has columns. Complete it.",
    ),
    "decisions.empty_result": (
        "第 {row} 行（“{element}”）有空的输出。请填值，没有时填 None。",
        "Row {row} (“{element}”) has an empty output. Fill it, with None for nothing.",
    ),
    "decisions.overlap": (
        "第 {first} 行和第 {second} 行（“{element}”）会同时命中。请改条件，或用 FIRST。",
        "Rows {first} and {second} (“{element}”) can both hit. Change a condition, or use FIRST.",
    ),
    "decisions.hidden": (
        "第 {row} 行（“{element}”）永远不会命中，第 {above} 行已包括它的情况。请移到上面，或删除。",
        "Row {row} (“{element}”) is never hit: row {above} takes all that it would. Move it above, or delete it.",
    ),
    "decisions.gap": (
        "决策“{element}”有空缺，例如 {example} 没有规则。请加一行兜底。",
        "The decision “{element}” has a gap: no rule takes {example}. Add a last row for the rest.",
    ),
    # Files
    "documents.no_diagram": (
        "没有流程图（.bpmn）。请加上 <流程>.bpmn。",
        "There is no diagram (.bpmn). Add <procedure>.bpmn.",
    ),
    "documents.several_diagrams": (
        "一个流程文件夹只能有一个 .bpmn，“{element}”是多余的。被调用的流程请放自己的文件夹。",
        "A folder holds one .bpmn; “{element}” is one too many. Give a called procedure a folder of its own.",
    ),
    "documents.too_large": (
        "文件太大（{bytes} 字节，最多 {most}）。请拆分或缩小。",
        "The file is too large ({bytes} bytes, at most {most}). Split or shrink it.",
    ),
    "documents.too_many_tags": (
        "文件元素太多（最多 {most} 个标签）。请用调用活动拆分流程。",
        "The file has too many elements (at most {most} tags). Split the procedure by call activities.",
    ),
    "documents.too_many_files": (
        "文件太多（{files} 个，最多 {most} 个）。请只放这个流程的文件。",
        "There are too many files ({files}, at most {most}). Keep only this procedure's.",
    ),
    "documents.empty": ("文件是空的。请重新保存。", "The file is empty. Save it again."),
    "documents.encoding": (
        "文件编码不是 UTF-8（{encoding}）。请另存为 UTF-8。",
        "The file is not in UTF-8 ({encoding}). Save it as UTF-8.",
    ),
    "documents.entities": (
        "文件含有文档类型或实体声明（DOCTYPE、ENTITY），不接受。请删除。",
        "The file declares a document type or entities (DOCTYPE, ENTITY), which are refused. Delete them.",
    ),
    "documents.not_xml": (
        "文件不是完整的 XML：{reason}。请重新导出。",
        "The file is not well-formed XML: {reason}. Export it again.",
    ),
    "documents.not_bpmn": (
        "文件不是 BPMN 2.0。请从 BPMN 编辑器导出。",
        "The file is not BPMN 2.0. Export it from a BPMN editor.",
    ),
    "documents.not_toml": (
        "procedure.toml 无法读取：{reason}。请改正。",
        "procedure.toml can't be read: {reason}. Correct it.",
    ),
    "documents.not_json": (
        "表单文件不是 JSON 对象。请重新保存表单。",
        "The form's file is no JSON object. Save the form again.",
    ),
    "documents.form": (
        "表单字段“{element}”：{reason_zh}",
        "Form field “{element}”: {reason_en}",
    ),
    "papers.not_named": (
        "“{element}”要生成哪张单据须直接写出。请把 document 写成带引号的名称，如 'problem-sheet'。",
        "“{element}” must say plainly which paper it makes. Write document as a quoted name, like 'problem-sheet'.",
    ),
    "papers.missing": (
        "“{element}”要生成的单据没有模板。请添加 {path}。",
        "The paper that “{element}” makes has no template. Add {path}.",
    ),
    "papers.broken": (
        "单据模板无法排版：{reason}。请改正模板。",
        "The paper's template can't be set: {reason}. Correct the template.",
    ),
    "documents.path": (
        "文件名“{element}”不接受。请用字母、数字、连字符，不含“..”。",
        "The file name “{element}” is refused. Use letters, digits and hyphens, and no “..”.",
    ),
    "documents.kind": (
        "不接受这种文件。可用：{kinds}。",
        "This kind of file is refused. Take away what is none of {kinds}.",
    ),
    "drawing.unreadable": (
        "图形里的坐标不是数字、太大或太多（最多 {most} 个点）。请点“整理布局”。",
        "The drawing holds coordinates that are no numbers, too large or too many ({most} points). Use “Tidy layout”.",
    ),
    "documents.external": (
        "文件引用了外部内容（{tag}）。请删除引用，把内容放进流程文件夹。",
        "The file refers to something outside ({tag}). Delete it and put what is needed into the folder.",
    ),
}
