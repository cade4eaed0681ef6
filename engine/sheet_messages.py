"""What is said about Excel files that somebody brings in (`sheet.…`).

A part of `engine.messages.MESSAGES`, which alone is read: code → (Chinese, English) with the same parameters.
"""

SHEET_MESSAGES: dict[str, tuple[str, str]] = {
    "sheet.not_excel": (
        "这不是能读的 Excel 文件（.xlsx）。用模板另存一份再传。",
        "This is no Excel file (.xlsx) that can be read. Save it anew from the template.",
    ),
    "sheet.too_large": (
        "文件展开后超过 {limit} MB。拆成几份再传。",
        "Unpacked, the file is over {limit} MB. Split it.",
    ),
    "sheet.too_many_rows": (
        "一次最多 {limit} 行。拆成几份再传。",
        "At most {limit} rows at once. Split the file.",
    ),
    "sheet.empty": ("表里没有数据行。从第 2 行开始填。", "The sheet has no rows. Fill it in from line 2 on."),
    "sheet.merged": (
        "有合并单元格（{cells}）。取消合并，每格各填各的。",
        "Cells are merged ({cells}). Undo the merge and fill each cell.",
    ),
    "sheet.header_unknown": (
        "{column} 列的标题「{title}」不认识。用模板的标题。",
        "The title “{title}” of column {column} is unknown. Use the titles of the template.",
    ),
    "sheet.header_twice": ("标题「{title}」有两列。删掉一列。", "The title “{title}” stands twice. Remove one column."),
    "sheet.header_missing": (
        "缺少「{title}」这一列。用模板的标题。",
        "The column “{title}” is missing. Use the titles of the template.",
    ),
    "sheet.key_twice": (
        "编号与第 {first} 行相同。一条只写一行。",
        "The number is that of line {first}. Write each one once.",
    ),
    "sheet.key": (
        "编号最长 {limit} 个字，不能有空格和斜线。",
        "A number has at most {limit} characters, no spaces and no slash.",
    ),
    "sheet.key_needed": (
        "这里的编号要写，用已有小组的编号。",
        "The key is needed here: that of a group that there is.",
    ),
    "sheet.key_unknown": (
        "没有这个编号。新增的行把编号空着。",
        "There is no such number. Leave it empty for a new row.",
    ),
    "sheet.formula": ("这一格是公式。换成算好的值。", "This cell is a formula. Put its value there."),
    "sheet.required": ("这一格必填。", "This cell is required."),
    "sheet.too_long": ("最多 {limit} 个字。删短一些。", "At most {limit} characters. Make it shorter."),
    "sheet.unreadable": (
        "里面有无法保存的字符。重新输入这一格。",
        "It holds a character that can't be stored. Type it anew.",
    ),
    "sheet.not_a_date": ("这里要填日期，写成 2026-11-19。", "This takes a date, written 2026-11-19."),
    "sheet.not_money": ("这里要填金额，只写数字。", "This takes an amount: figures only."),
    "sheet.decimals": ("金额最多两位小数。", "An amount has at most two decimal places."),
    "sheet.not_yes_no": ("这里填「是」或「否」。", "This takes yes or no."),
    "sheet.choice": ("这里从 {choices} 里选。", "Choose one of {choices}."),
    "sheet.reference": (
        "没有找到「{value}」。先登记，或改成已有的。",
        "“{value}” was not found. Enter it first, or name one that there is.",
    ),
    "sheet.several": (
        "「{value}」有好几位。改写登录名。",
        "Several are called “{value}”. Write the user name.",
    ),
    "sheet.taken": ("「{value}」已有人用。换一个。", "“{value}” is taken. Choose another."),
    "sheet.absurd": (
        "金额不合情理。检查小数点和单位（元）。",
        "The amount makes no sense. Check the decimal point and the unit (CNY).",
    ),
    "sheet.in_future": ("日期在今天以后。填已经发生的日期。", "The date is after today. Enter when it happened."),
    "sheet.entry_stands": (
        "账已记下，不能改。更正用一笔新的。",
        "An entry stands as it is. Correct it with a new one.",
    ),
    "sheet.more_than_there": (
        "超过该施工队现有的质保金。改小金额。",
        "More than this crew's retention. Make it less.",
    ),
    "sheet.changed": (
        "登记在你预览之后有变动，没有写入。看过新的预览再确认。",
        "The register has changed since the preview; nothing was written. Look at the new preview.",
    ),
    "sheet.wrong": (
        "文件有 {count} 处要改，没有写入。",
        "The file has {count} problems; nothing was written.",
    ),
}
