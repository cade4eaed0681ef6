"""What is said about forms: values that are refused (`form.…`), definitions that can't be used (`form_schema.…`).

A part of `engine.messages.MESSAGES`, which alone is read: code → (Chinese, English) with the same parameters.
"""

FORM_MESSAGES: dict[str, tuple[str, str]] = {
    # Fields of a form: what, the limit, the way out
    "form.required": ("这一项必填，还没有填。填好再提交。", "This is required and still empty. Fill it in."),
    "form.must_tick": (
        "这一项要勾上才能提交。没有做到的，先去办。",
        "This must be ticked. Do it first if it is not done.",
    ),
    "form.too_short": (
        "最少 {limit} 个字，现在 {length} 个。再写几个字。",
        "At least {limit} characters; it has {length}. Write a little more.",
    ),
    "form.too_long": (
        "最多 {limit} 个字，现在 {length} 个。删短一些。",
        "At most {limit} characters; it has {length}. Make it shorter.",
    ),
    "form.unreadable": (
        "里面有无法保存的字符。删掉它再提交。",
        "It holds a character that can't be stored. Remove it.",
    ),
    "form.phone": (
        "电话是 5 到 20 位，只用数字、+、- 和空格。改一下号码。",
        "A phone number has 5 to 20 characters: digits, +, - and spaces. Correct it.",
    ),
    "form.type": ("这里要填{expected}。改一下再提交。", "This takes {expected}. Change it."),
    "form.number": ("这里要填数字。只写数字，不写单位。", "This takes a number. Write figures only, without a unit."),
    "form.whole": ("这里要填整数。去掉小数。", "This takes a whole number. Leave the decimals out."),
    "form.decimals": ("最多 {limit} 位小数。去掉多的位数。", "At most {limit} decimal places. Leave the others out."),
    "form.range": (
        "要在 {least} 到 {most} 之间。改成这个范围里的数。",
        "It lies between {least} and {most}. Enter a number in this range.",
    ),
    "form.at_least": ("最小 {least}。改大一些。", "At least {least}. Enter a larger number."),
    "form.at_most": ("最大 {most}。改小一些。", "At most {most}. Enter a smaller number."),
    "form.not_a_date": ("没有这个日期。写成 2026-11-19 这样。", "There is no such date. Write it like 2026-11-19."),
    "form.not_a_time": ("没有这个时刻。写成 16:05 这样。", "There is no such time. Write it like 16:05."),
    "form.not_a_datetime": (
        "没有这个时间。写成 2026-11-19 16:05 这样。",
        "There is no such date and time. Write it like 2026-11-19 16:05.",
    ),
    "form.too_early": (
        "最早 {least}，案件那时才开始。改晚一些。",
        "Not before {least}, when the case started. Choose a later time.",
    ),
    "form.in_future": (
        "最晚 {most}，也就是现在。填已经发生的时间。",
        "Not after {most}, which is now. Enter when it was done.",
    ),
    "form.option": (
        "选项里没有这一项。从列出的选项里选。",
        "This is not among the options. Choose one that is listed.",
    ),
    "form.repeated": ("同一项选了两次。留一个。", "The same thing was chosen twice. Keep one."),
    "form.reference": (
        "没有找到这一条，可能已经停用。重新选一条。",
        "It was not found; it may be out of use. Choose another.",
    ),
    "form.contract_to_end": (
        "这份合同已经解除，或者已有一件解除合同在办。到客户页面查看那一件。",
        "This contract is cancelled, or its termination is under way already. See the customer's page.",
    ),
    "form.file_kind": ("只收 {accept}。换一个文件。", "Only {accept}. Choose another file."),
    "form.too_many": ("最多 {limit} 项。去掉几项。", "At most {limit}. Remove some."),
    "form.duplicate": ("收到了几个值，只能有一个。留一个再提交。", "Several values came in, it takes one. Keep one."),
    "form.not_asked": (
        "按上面的选择，这一项不用填。清空它，或改上面的选择。",
        "Not asked, given the answers above. Clear it, or change the answer above.",
    ),
    "form.unknown": (
        "这张表没有「{field}」这一项。刷新页面再填。",
        "This form has no field “{field}”. Reload the page.",
    ),
    # A form's own rule brings both texts; ".0" leaves the other one out.
    "form.rule": ("{message}{message_en:.0}", "{message:.0}{message_en}"),
    # What a form definition gets wrong
    "form_schema.not_a_form": (
        "这不是 form-js 表单。用表单设计器重新导出。",
        "This is no form-js schema. Export it from the form editor.",
    ),
    "form_schema.version": (
        "schemaVersion 最低 {oldest}。用新版设计器另存一次。",
        "schemaVersion must be {oldest} or later. Save it with a newer editor.",
    ),
    "form_schema.title_missing": (
        "表单没有名称。填 title 和 title_en。",
        "The form has no name. Fill in title and title_en.",
    ),
    "form_schema.unknown_type": (
        "不支持「{type}」这种字段。换一种。",
        "The field type “{type}” is not supported. Choose another.",
    ),
    "form_schema.unsupported": (
        "不支持「{name}」这项设置。删掉它。",
        "The setting “{name}” is not supported. Remove it.",
    ),
    "form_schema.key_missing": ("字段没有键。填一个英文键。", "The field has no key. Give it one."),
    "form_schema.key_form": (
        "键「{key}」只能用小写英文、数字和下划线，以字母开头。改一下。",
        "The key “{key}” may hold small letters, digits and underscores, a letter first. Change it.",
    ),
    "form_schema.duplicate_key": ("键「{key}」用了两次。改掉一个。", "The key “{key}” is used twice. Change one."),
    "form_schema.reserved_key": (
        "键「{key}」由系统使用。换一个。",
        "The key “{key}” belongs to the system. Choose another.",
    ),
    "form_schema.label_missing": ("没有中文标签。填上。", "There is no Chinese label. Fill it in."),
    "form_schema.label_en_missing": ("没有英文标签。填上。", "There is no English label. Fill it in."),
    "form_schema.help_in_one_language": (
        "说明只有一种语言。中英文都写，或都不写。",
        "The help is in one language only. Write both or none.",
    ),
    "form_schema.limits": (
        "上下限、长度或小数位数用不了。检查这几个数。",
        "The limits, lengths or decimal places make no sense. Check them.",
    ),
    "form_schema.unknown_register": (
        "没有「{register}」这种登记。从 {registers} 里选。",
        "There is no register “{register}”. Choose one of {registers}.",
    ),
    "form_schema.register_type": (
        "引用登记的字段只能是单选、多选列表或文本，不能另列选项。改字段类型或删掉选项。",
        "A reference is a select, checklist or textfield without options of its own. Change one of them.",
    ),
    "form_schema.options_missing": ("没有选项。至少写一个。", "There are no options. Write at least one."),
    "form_schema.option_values": (
        "选项的值要有，而且不能重复。改一下。",
        "Each option has a value of its own. Change them.",
    ),
    "form_schema.option_labels": (
        "选项缺中文或英文标签。补上。",
        "An option lacks its Chinese or English label. Add it.",
    ),
    "form_schema.subtype": (
        "要写明是日期、时刻还是日期时间。选一种。",
        "Say whether it is a date, a time or both. Choose one.",
    ),
    "form_schema.instant_expected": (
        "只有表单本身的日期时间字段能算办理时间。换一个字段。",
        "Only a date and time of the form itself can say when the deed was done. Choose another field.",
    ),
    "form_schema.two_instants": (
        "办理时间只能有一个。去掉多的。",
        "Only one field can say when the deed was done. Remove the others.",
    ),
    "form_schema.columns_missing": ("重复组里没有字段。至少放一个。", "The repeated group has no fields. Put one in."),
    "form_schema.nested": (
        "重复组里不能放「{type}」。移到外面。",
        "“{type}” can't stand in a repeated group. Move it out.",
    ),
    "form_schema.expression": (
        "表达式「{expression}」写法有误。检查括号和引号。",
        "The expression “{expression}” can't be read. Check brackets and quotes.",
    ),
    "form_schema.unknown_field": (
        "这张表没有「{name}」这个字段。改成已有的字段，文本加引号。",
        "The form has no field “{name}”. Name one that it has; put quotes around text.",
    ),
    "form_schema.private_field": (
        "「{name}」是文字或文件，不能用在条件里。换成选择、数字或日期。",
        "“{name}” is text or a file and can't be used in a condition. Use a choice, number or date.",
    ),
    "form_schema.order": (
        "条件只能用上面的字段，「{name}」在下面。调整顺序。",
        "A condition reads fields above it; “{name}” is below. Change the order.",
    ),
    "form_schema.rule_incomplete": (
        "规则要有条件、字段和中英文提示。补齐。",
        "A rule has a check, a field and messages in both languages. Complete it.",
    ),
    "form_schema.rule_too_long": (
        "规则的提示最多 {limit} 个字。写短一些。",
        "A rule's message has at most {limit} characters. Make it shorter.",
    ),
}
