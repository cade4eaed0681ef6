"""Texts about what is drawn: structure, gateways, events. See texts.py."""

TEXTS: dict[str, tuple[str, str]] = {
    # Structure
    "structure.no_process": (
        "文件里没有流程。请画一个可执行的流程（process）。",
        "The file holds no process. Draw one executable process.",
    ),
    "structure.several_processes": (
        "一个文件只能有一个流程，“{element}”是多余的。请另存为单独的流程文件夹，用调用活动连接。",
        "A file holds one process; “{element}” is one too many. Move it to a folder of its own and call it.",
    ),
    "structure.several_pools": (
        "只能有一个泳池，“{element}”是多余的。外部参与方请用消息事件表示。",
        "There may be one pool; “{element}” is one too many. Show outside parties by message events.",
    ),
    "structure.not_executable": (
        '流程“{element}”没有标为可执行。请设 isExecutable="true"。',
        'The process “{element}” is not executable. Set isExecutable="true".',
    ),
    "structure.too_many": (
        "流程“{element}”的元素超过 {most} 个。请用调用活动拆分。",
        "The process “{element}” has more than {most} elements. Split it by call activities.",
    ),
    "structure.no_id": (
        "“{element}”里有一个 {tag}（{name}）没有 id。请给它一个 id，如 sign_receipt。",
        "A {tag} ({name}) in “{element}” has no id. Give it one, such as sign_receipt.",
    ),
    "structure.duplicate_id": (
        "id“{element}”用了 {times} 次。请给每个元素不同的 id。",
        "The id “{element}” is used {times} times. Give every element an id of its own.",
    ),
    "structure.id_of_an_operation": (
        "id“{element}”也是图中一个操作或参数的名称，会被弄混。请换一个 id。",
        "The id “{element}” is also the name of an operation or a parameter in the diagram. Choose another.",
    ),
    "structure.no_start": (
        "“{element}”没有开始事件。请画一个。",
        "“{element}” has no start event. Draw one.",
    ),
    "structure.several_starts": (
        "“{element}”是第二个普通开始事件。请只留一个，其他改为消息或定时开始。",
        "“{element}” is a second plain start event. Keep one; make the others message or timer starts.",
    ),
    "structure.sub_process_start": (
        "子流程里的开始事件“{element}”不能带触发条件。请改为普通开始事件。",
        "The start event “{element}” of a sub-process can't have a trigger. Make it a plain start event.",
    ),
    "structure.no_end": (
        "“{element}”没有结束事件。请画一个。",
        "“{element}” has no end event. Draw one.",
    ),
    "structure.flow_nowhere": (
        "顺序流“{element}”的一端“{missing}”不存在。请把它接到元素上，或删除。",
        "The flow “{element}” has an end at “{missing}”, which does not exist. Connect it or delete it.",
    ),
    "structure.flow_leaves_scope": (
        "顺序流“{element}”穿过了子流程的边界（{missing}）。请接到子流程本身，里面用开始、结束事件。",
        "The flow “{element}” crosses the border of a sub-process ({missing}). Connect it to the sub-process itself.",
    ),
    "structure.duplicate_flow": (
        "“{source}”到“{target}”画了两条顺序流（“{element}”）。请只留一条。",
        "Two flows lead from “{source}” to “{target}” (“{element}”). Keep one.",
    ),
    "structure.flow_into_start": (
        "顺序流“{element}”通向“{target}”，开始事件和边界事件不能有流入。请改接到后面的步骤。",
        "The flow “{element}” leads into “{target}”; start and boundary events take none. Lead it to a later step.",
    ),
    "structure.flow_out_of_end": (
        "顺序流“{element}”从结束事件“{source}”流出。请删除，或去掉这个结束事件。",
        "The flow “{element}” leaves the end event “{source}”. Delete it, or the end event.",
    ),
    "structure.dead_end": (
        "“{element}”后面什么也没有。请连到下一步或结束事件。",
        "Nothing follows “{element}”. Connect it to a next step or an end event.",
    ),
    "structure.unreachable": (
        "“{element}”永远走不到。请从前面的步骤连过来，或删除。",
        "“{element}” can never be reached. Connect it from a step before, or delete it.",
    ),
    "structure.never_ends": (
        "从“{element}”永远走不到结束事件。请画一条走出循环的路。",
        "No end event can be reached from “{element}”. Draw a way out of the loop.",
    ),
    "structure.nested_lanes": (
        "泳道不能嵌套（“{element}”）。请只用一层泳道。",
        "Lanes can't be nested (“{element}”). Use one level.",
    ),
    "structure.data_object": (
        "“{element}”用了数据对象（{tag}），引擎不执行。请删除，数据用“元素id.字段”引用。",
        "“{element}” uses a data object ({tag}), which is not executed. Delete it; write element.field instead.",
    ),
    "structure.unknown_element": (
        "“{element}”用了不支持的元素 {tag}。请改用 processes/README.md 列出的元素。",
        "“{element}” uses {tag}, which is not supported. Use the elements of processes/README.md.",
    ),
    "structure.event_sub_process": (
        "“{element}”是事件子流程，引擎不能可靠执行。请改用边界事件。",
        "“{element}” is an event sub-process, which would go wrong. Use a boundary event.",
    ),
    "structure.refused_task": (
        "“{element}”没有类型。请改为用户任务、服务任务或规则任务。",
        "“{element}” is a plain task. Make it a user, service or business rule task.",
    ),
    "structure.refused_manualTask": (
        "“{element}”是手工任务，系统看不到何时做完。请改为用户任务。",
        "“{element}” is a manual task: nobody would tell when it is done. Make it a user task.",
    ),
    "structure.refused_scriptTask": (
        "“{element}”是脚本任务。请改为服务任务或决策表。",
        "“{element}” is a script task. Use a service task or a decision table.",
    ),
    "structure.refused_sendTask": (
        "“{element}”是发送任务。请改为消息抛出事件。",
        "“{element}” is a send task. Use a message throw event.",
    ),
    "structure.refused_receiveTask": (
        "“{element}”是接收任务。请改为消息捕获事件。",
        "“{element}” is a receive task. Use a message catch event.",
    ),
    "structure.refused_transaction": (
        "“{element}”是事务子流程。请改为普通子流程，用边界事件处理取消。",
        "“{element}” is a transaction. Use a plain sub-process with boundary events.",
    ),
    "structure.refused_adHocSubProcess": (
        "“{element}”是即兴子流程，没有确定的顺序。请把步骤连起来，或用包容网关。",
        "“{element}” is an ad-hoc sub-process. Connect its steps, or use an inclusive gateway.",
    ),
    "structure.refused_complexGateway": (
        "“{element}”是复杂网关。请改为排他、并行或包容网关。",
        "“{element}” is a complex gateway. Use an exclusive, parallel or inclusive one.",
    ),
    # Gateways
    "gateways.no_default": (
        "网关“{element}”没有默认流。请把一条流出设为默认，免得没有条件成立时卡住。",
        "The gateway “{element}” has no default flow. Mark one, or the case stops when no condition holds.",
    ),
    "gateways.wrong_default": (
        "网关“{element}”的默认流“{default}”不是它自己的流出。请重新指定。",
        "The default “{default}” of the gateway “{element}” is none of its own flows. Choose one of them.",
    ),
    "gateways.default_with_condition": (
        "默认流“{element}”不能带条件。请删除条件，或另设默认流。",
        "The default flow “{element}” can't have a condition. Delete it, or make another flow the default.",
    ),
    "gateways.no_condition": (
        "网关“{gateway}”的流出“{element}”没有条件。请写条件，或设为默认流。",
        "The flow “{element}” of the gateway “{gateway}” has no condition. Write one, or make it the default.",
    ),
    "gateways.condition_ignored": (
        "“{element}”从“{source}”流出，这里的条件不起作用。请在中间加一个排他网关。",
        "A condition on “{element}”, which leaves “{source}”, has no effect. Put an exclusive gateway between.",
    ),
    "gateways.default_ignored": (
        "“{element}”的默认流不起作用。请删除默认标记，或用有多条流出的排他网关。",
        "The default of “{element}” has no effect. Remove it, or use an exclusive gateway with several flows.",
    ),
    "gateways.implicit_split": (
        "“{element}”有多条流出，会全部同时走。请在后面画明一个并行或排他网关。",
        "Several flows leave “{element}” and would all be taken. Draw a parallel or exclusive gateway after it.",
    ),
    "gateways.useless": (
        "网关“{element}”既不分也不合。可以删除。",
        "The gateway “{element}” neither splits nor joins. It can go.",
    ),
    "gateways.xor_into_and": (
        "并行合并“{element}”会一直等：前面的分支只走一条（排他到并行）。请改为排他合并，或前面用并行分支。",
        "The parallel join “{element}” would wait for ever: only one of its branches is taken (exclusive into "
        "parallel). Join with an exclusive gateway, or split with a parallel one.",
    ),
    "gateways.and_into_xor": (
        "“{element}”后面会走两遍：并行的分支在这里没有会合（并行到排他）。请用并行网关会合。",
        "What follows “{element}” would run twice: parallel branches meet here unjoined (parallel into exclusive). "
        "Join them with a parallel gateway.",
    ),
    "gateways.runs_twice": (
        "“{element}”会同时走两遍：并行的一支绕回了前面。请在绕回之前会合。",
        "“{element}” would run twice at once: a parallel branch leads back before it. Join before going back.",
    ),
    "gateways.too_tangled": (
        "从“{element}”起分支太多，无法检查分合是否配对。请把一部分移到子流程。",
        "Too many branches follow “{element}” to check that splits fit joins. Move some into a sub-process.",
    ),
    # Events
    "events.multiple": (
        "事件“{element}”有多个触发条件。请拆成几个事件。",
        "The event “{element}” has several triggers. Draw one event for each.",
    ),
    "events.kind": (
        "“{element}”（{tag}）不能是 {kind} 类型。请改用 processes/README.md 列出的事件。",
        "“{element}” ({tag}) can't be of the kind {kind}. Use the events of processes/README.md.",
    ),
    "events.refused_conditional": (
        "条件事件只能是边界事件，“{element}”不是。请附到活动边上，或改用消息、定时、网关。",
        "Conditional events may stand on a boundary only; “{element}” does not. Attach it, or use a gateway.",
    ),
    "events.no_condition": (
        "条件事件“{element}”没有条件。请在 condition 里写表达式。",
        "The conditional event “{element}” has no condition. Write an expression in condition.",
    ),
    "events.refused_link": (
        "“{element}”是链接事件。请直接画顺序流，或拆成调用活动。",
        "“{element}” is a link event. Draw the flow, or split by a call activity.",
    ),
    "events.refused_compensate": (
        "“{element}”是补偿事件。请把撤销画成普通步骤。",
        "“{element}” is a compensation event. Draw the undoing as ordinary steps.",
    ),
    "events.refused_cancel": (
        "“{element}”是取消事件，只用于事务。请改用错误事件。",
        "“{element}” is a cancel event, for transactions only. Use an error event.",
    ),
    "events.terminate_inside": (
        "终止结束“{element}”只能用在最外层。请改为普通结束或错误结束。",
        "The terminate end “{element}” may stand at the top level only. Use a plain or an error end.",
    ),
    "events.timer_empty": (
        "定时事件“{element}”没有写时间。请填 timeDate，如 hours(3)。",
        "The timer “{element}” has no time. Fill timeDate, for example hours(3).",
    ),
    "events.timer_kind": (
        "定时事件“{element}”用了 {kind}。请改用 timeDate，写 hours(3)、working_days(2) 等表达式。",
        "The timer “{element}” uses {kind}. Use timeDate with an expression such as hours(3) or working_days(2).",
    ),
    "events.cycle_interrupting": (
        "“{element}”是会中断的循环定时，引擎不会中断。请改为 timeDate 单次定时。",
        "“{element}” is an interrupting cycle timer, which would not interrupt. Use a single timeDate.",
    ),
    "events.cycle_user_task": (
        "循环定时“{element}”后面有用户任务，主任务完成时会丢失。请改为 timeDate；提醒由系统自动发送。",
        "A user task follows the cycle timer “{element}” and would vanish. Use timeDate; reminders are automatic.",
    ),
    "events.start_timer_kind": (
        '定时开始“{element}”用了 {kind}。请改用 timeCycle，如 weekly("wed", "10:30")。',
        'The start timer “{element}” uses {kind}. Use timeCycle, for example weekly("wed", "10:30").',
    ),
    "events.start_timer_once": (
        "定时开始“{element}”的“{text}”不会重复。请用 weekly、monthly 或 month_end。",
        "“{text}” of the start timer “{element}” does not recur. Use weekly, monthly or month_end.",
    ),
    "events.shift": (
        "“{element}”的 shift 不能是“{shift}”。请填 preceding、following 或 none。",
        "The shift of “{element}” can't be “{shift}”. Use preceding, following or none.",
    ),
    "events.boundary_host": (
        "边界事件“{element}”没有附在本层的任务或子流程上（{host}）。请拖到一个活动的边上。",
        "The boundary event “{element}” is attached to no activity beside it ({host}). Drag it onto one.",
    ),
    "events.error_not_interrupting": (
        "错误边界事件“{element}”必须中断。请设为中断。",
        "The error boundary event “{element}” must interrupt. Make it interrupting.",
    ),
    "events.never_raised": (
        "“{element}”附在用户任务“{host}”上，用户任务不会发出错误或升级。请改附在子流程、调用或服务任务上。",
        "“{element}” is attached to the user task “{host}”, which raises no errors or escalations. Attach it to a "
        "sub-process, a call or a service task.",
    ),
    "events.no_message": (
        "消息事件“{element}”没有指定消息（{reference}）。请选择或新建一个消息。",
        "The message event “{element}” names no message ({reference}). Choose or define one.",
    ),
    "events.no_signal": (
        "信号事件“{element}”没有指定信号（{reference}）。请选择或新建一个信号。",
        "The signal event “{element}” names no signal ({reference}). Choose or define one.",
    ),
    "events.no_escalation": (
        "升级事件“{element}”没有指定升级（{reference}）。请选择或新建一个升级。",
        "The escalation event “{element}” names no escalation ({reference}). Choose or define one.",
    ),
    "events.no_error": (
        "错误事件“{element}”没有指定错误（{reference}）。请选择或新建一个错误。",
        "The error event “{element}” names no error ({reference}). Choose or define one.",
    ),
    "events.unnamed": (
        "“{element}”指定的“{reference}”没有名称。请给它一个名称。",
        "“{reference}”, named by “{element}”, has no name. Give it one.",
    ),
    "events.no_code": (
        "“{element}”指定的“{reference}”没有代码。请填错误代码或升级代码。",
        "“{reference}”, named by “{element}”, has no code. Fill the error or escalation code.",
    ),
    "events.no_correlation": (
        "“{element}”等待消息“{message}”，但没写 correlation，会收到别的案件的消息。请填关联键表达式。",
        "“{element}” waits for “{message}” without a correlation and would take other cases' messages. Give it one.",
    ),
    "events.uncaught": (
        "“{element}”抛出的 {kind} 没有边界事件接收。请在外层活动上画一个。",
        "No boundary event takes the {kind} that “{element}” raises. Draw one on the enclosing activity.",
    ),
    "events.gateway_too_few": (
        "事件网关“{element}”后面至少要有两个事件。",
        "The event gateway “{element}” needs at least two events after it. Draw another, or remove the gateway.",
    ),
    "events.gateway_target": (
        "事件网关“{gateway}”后面只能直接接消息或定时捕获事件，“{element}”不是。请在中间加一个。",
        "Only message or timer catch events may follow the event gateway “{gateway}”; “{element}” is none. Put one "
        "between.",
    ),
    "events.gateway_shared_target": (
        "“{element}”跟在事件网关“{gateway}”后面，不能再有别的流入。请另画一个事件。",
        "“{element}” follows the event gateway “{gateway}” and can't have another flow in. Draw a second event.",
    ),
    "events.gateway_timers": (
        "事件网关“{element}”后面有 {timers} 个定时事件，只有一个会生效。请只留一个。",
        "{timers} timers follow the event gateway “{element}”, and only one would work. Keep one.",
    ),
}
