"""What the studio says when it refuses, and what owners are told; a part of engine.messages."""

STUDIO_MESSAGES: dict[str, tuple[str, str]] = {
    "draft.unreadable": (
        "{path} 的内容读不出来，没有保存。",
        "What {path} holds can't be read; it was not saved.",
    ),
    "draft.changed": (
        "{path} 在你打开之后由别人保存过，你的修改没有覆盖它。",
        "Somebody else saved {path} after you opened it; what you changed did not replace it.",
    ),
    "draft.open": (
        "这个流程已有草稿。先发布或放弃它，再从别的版本起草。",
        "This procedure has a draft. Publish or drop it before you start from another version.",
    ),
    "draft.frozen": (
        "草稿已提请审批，不能再改。要改，先退回。",
        "The draft was submitted for approval. Return it before you change it.",
    ),
    "draft.not_submitted": (
        "草稿没有提请审批，或已经有人处理了。",
        "The draft is not submitted for approval, or somebody has decided on it.",
    ),
    "draft.unchanged": (
        "草稿与现行版本完全一样，没有可发布的内容。",
        "The draft says the same as the version in force; there is nothing to publish.",
    ),
    "draft.overtaken": (
        "提请之后现行版本有变动，原来的比较已过时。退回草稿，重新比较后再提请。",
        "The version in force has changed since the draft was submitted. Return it, compare anew, submit it again.",
    ),
    "draft.own_approval": (
        "自己提请的修改要由另一位流程负责人审批。",
        "Another process owner must approve what you submitted.",
    ),
    "studio.effective_past": (
        "生效时间已过。改晚一些，或留空，批准后立即生效。",
        "This is in the past. Choose a later time, or leave it empty: it then takes effect on approval.",
    ),
    "package.refused": ("这个文件不能作为流程导入。", "This file can't be brought in as a procedure."),
    "package.empty": ("没有选择文件，或文件是空的。", "No file was chosen, or it is empty."),
    "package.nothing": (
        "这既不是 ZIP，也不是有流程的流程图（BPMN）。",
        "This is neither a ZIP nor a diagram (BPMN) with a process.",
    ),
    "package.damaged": ("压缩包已损坏，打不开。重新导出一次。", "The archive is damaged. Export it again."),
    "package.encrypted": (
        "压缩包设了密码（{entry}）。去掉密码再导入。",
        "The archive has a password ({entry}). Make it without one.",
    ),
    "package.outside": (
        "{entry} 指向压缩包以外的位置，没有导入。",
        "{entry} points outside of the archive; nothing was brought in.",
    ),
    "package.twice": ("{entry} 在压缩包里出现了两次。删掉一个。", "{entry} stands in the archive twice. Remove one."),
    "package.too_many_entries": (
        "压缩包里的文件超过 {most} 个。一次只导入一个流程。",
        "The archive has more than {most} files. Bring in one procedure at a time.",
    ),
    "package.too_large": (
        "展开后超过 {most} MB。一次只导入一个流程。",
        "Unpacked, it is over {most} MB. Bring in one procedure at a time.",
    ),
    "package.no_diagram": ("压缩包里没有流程图（.bpmn）。", "There is no diagram (.bpmn) in the archive."),
    "package.many_diagrams": (
        "压缩包里有几张流程图（{entry}）。一次只导入一个流程。",
        "There are several diagrams ({entry}) in the archive. Bring in one procedure at a time.",
    ),
    "package.unknown_file": (
        "不认识 {entry}。流程里只有流程图、决策表、表单、单据模板和 procedure.toml。",
        "{entry} is unknown. A procedure has a diagram, tables, forms, templates of papers and procedure.toml.",
    ),
    "package.name": (
        "流程标识「{entry}」不能用。用小写字母、数字和连字符，例如 repair-handling。",
        "The name “{entry}” can't be used. Take lower-case letters, digits and hyphens, as in repair-handling.",
    ),
    "notice.draft_submitted": (
        "「{title}」的修改等待审批，请到“流程设计”查看。",
        "A change of “{title}” waits for approval; see the studio.",
    ),
    "notice.draft_returned": (
        "「{title}」的修改被退回，请到“流程设计”查看原因。",
        "The change of “{title}” was returned; the studio says why.",
    ),
    "notice.draft_approved": (
        "「{title}」的修改已批准，{effective_at} 生效。",
        "The change of “{title}” was approved and takes effect on {effective_at}.",
    ),
    "notice.draft_published": (
        "「{title}」第 {version} 版已生效。",
        "Version {version} of “{title}” is in force.",
    ),
}
