"""What customers of the demo company complain about, and what colleagues write about it. All of it is invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

ROOMS = ("主卧", "次卧", "客厅", "餐厅", "书房", "厨房", "主卫", "客卫", "阳台", "玄关")
DAYS = ("前天", "昨天", "上周末", "三天前", "今天早上", "上周三")


@dataclass(frozen=True)
class Problem:
    """A complaint as several people describe it in turn.

    Attributes:
        departments: Who is concerned, the leading one first.
        about: Login of who is usually complained about.
    """

    departments: tuple[str, ...]
    about: str
    reason: str
    problem: str
    demand: str
    facts: str
    solution: str
    result: str
    analysis: str

    def told(self, rng: Random) -> "Problem":
        """The same complaint in a certain room, on a certain day."""
        words = {"{room}": rng.choice(ROOMS), "{day}": rng.choice(DAYS), "{n}": str(rng.randint(2, 9))}
        texts = {name: _put(getattr(self, name), words) for name in _TEXTS}
        return Problem(departments=self.departments, about=self.about, **texts)


_TEXTS = ("reason", "problem", "demand", "facts", "solution", "result", "analysis")


def _put(text: str, words: dict[str, str]) -> str:
    for sign, word in words.items():
        text = text.replace(sign, word)
    return text


_ENGINEERING, _DESIGN, _BUDGET, _SALES = "engineering_dept", "design_dept", "budget_dept", "sales_dept"
_SUPERVISION, _FINANCE, _OWN = "supervision_dept", "finance", "customer_service_dept"

PROBLEMS: Sequence[Problem] = (
    Problem(
        (_ENGINEERING,),
        "tie_zhu",
        "{room}地砖空鼓",
        "客户{day}发现{room}有{n}块地砖踩上去有空响，边角已经松动，担心整间都要返工。",
        "把空鼓的砖全部换掉，不能留色差。",
        "现场敲击检查，{room}确有{n}块空鼓，砂浆不饱满，其余合格。",
        "拆除空鼓砖，清理基层后用同批次瓷砖重贴，三天后复查。",
        "已重贴{n}块并做好保护，敲击检查合格，客户在场确认。",
        "铺贴时砂浆不满，应在铺贴次日逐块敲击检查并拍照留底。",
    ),
    Problem(
        (_ENGINEERING,),
        "mu_gong",
        "{room}墙面开裂",
        "{room}新刷的墙面出现{n}条裂缝，最长的约一米，客户说入住才两个月。",
        "重新处理墙面并给出说法。",
        "裂缝在石膏板接缝处，未贴绷带，腻子层干得太快。",
        "铲开裂缝，补贴绷带，重做腻子和面漆，整面墙一起刷。",
        "墙面已修补重刷，颜色一致，客户表示可以。",
        "石膏板接缝漏贴绷带，隐蔽验收没有查出，验收单要加这一项。",
    ),
    Problem(
        (_ENGINEERING, _SUPERVISION),
        "wa_long",
        "{room}漏水渗到楼下",
        "楼下邻居{day}上来说天花板滴水，客户关了{room}的水阀才停，楼下吊顶已经泡坏一块。",
        "马上止漏，楼下的损失也要有人管。",
        "打压发现{room}一处热水管接头渗漏，闭水试验记录缺签字。",
        "更换接头，重做防水和闭水试验，楼下吊顶由我方恢复。",
        "漏点已修好，闭水四十八小时不渗，楼下已恢复。",
        "接头热熔不到位且闭水试验没有旁站，监理应当场签字才能封砖。",
    ),
    Problem(
        (_ENGINEERING,),
        "wu_kai",
        "工期一拖再拖",
        "合同约定上个月完工，现在{room}还没有做完，工地已经{n}天没人干活。",
        "给出准确的完工日期，并按合同承担延期责任。",
        "工人被抽到别的工地，停工{n}天，没有告知客户。",
        "增派两名工人，排出每天的进度表发给客户，周五前完成{room}。",
        "工人已进场，进度表已发，客户同意按新日期验收。",
        "抽调工人没有报备，项目经理每周要核对一次工地出勤。",
    ),
    Problem(
        (_ENGINEERING, _DESIGN),
        "tang_yi",
        "{room}插座位置不对",
        "{room}的插座被柜子挡住了{n}个，客户说图纸上不是这样画的。",
        "把插座移到能用的位置，费用不能由客户出。",
        "图纸改过一版，水电师傅拿的是旧图，{n}个插座偏了三十公分。",
        "开槽移位，补墙面；以最新签字图纸为准。",
        "插座已移好，墙面补平，通电测试正常。",
        "图纸变更没有收回旧图，交底时要当面换图并签字。",
    ),
    Problem(
        (_DESIGN,),
        "hua_tu",
        "效果图和实际差太多",
        "客户说{room}做出来的颜色和效果图完全不一样，设计师{day}起电话不接。",
        "设计师出面解释，并给出修改方案。",
        "效果图用色与所选色卡不同，设计师没有提醒客户看实样。",
        "设计师上门看样，重出{room}配色方案，客户确认后免费改一面墙。",
        "方案已确认，墙面改色完成，客户收下了新的色卡记录。",
        "定色前没有让客户看实样，设计部要求以后附色卡签字。",
    ),
    Problem(
        (_DESIGN, _BUDGET),
        "bai_mo",
        "图纸漏项要加钱",
        "水电开工后才说{room}的改造没有算进去，要再加{n}千多元，客户很生气。",
        "漏掉的项目由公司承担。",
        "报价时漏了{room}一项，图纸上有，预算没有复核。",
        "漏项按成本价计算，客户只承担材料，人工由公司承担。",
        "补充协议已签，客户接受。",
        "图纸和预算没有交叉复核，双方负责人应在报价单上会签。",
    ),
    Problem(
        (_BUDGET,),
        "ji_shu",
        "决算金额对不上",
        "客户自己加了一遍，决算单比合同多出{n}千多元，问是怎么来的。",
        "逐项说明，多算的退回来。",
        "增项单有{n}张，其中一张重复计入。",
        "重新核算，扣除重复的一项，出具新的决算单。",
        "新决算单已由客户签字。",
        "增项单编号不连续，录入时重复，今后按编号核对。",
    ),
    Problem(
        (_SALES,),
        "shang_jia",
        "签单时的承诺没有兑现",
        "客户说签单时答应送{room}的灯具，现在说没有这回事。",
        "把答应的东西送来。",
        "业务员在聊天记录里确实写过赠送，没有写进合同。",
        "由家装业务部补送同价位灯具，并负责安装。",
        "灯具已装好，客户拍照确认。",
        "口头承诺没有写进合同，业务部要求所有赠品填赠品单。",
    ),
    Problem(
        (_SUPERVISION, _ENGINEERING),
        "cha_ming",
        "监理一次也没来过",
        "开工{n}周，客户没有见过监理，{room}的防水做完就封了。",
        "补做检查，监理要按时到工地。",
        "巡检记录上有签到，实际没有进场。",
        "撬开一处检查防水，重做闭水试验，此后每周两次到场并拍照。",
        "复查合格，客户加了监理的工作群。",
        "巡检签到没有定位照片，制度上要补。",
    ),
    Problem(
        (_FINANCE,),
        "kuai_ji",
        "退款迟迟没有到账",
        "设计定金说好一周退回，已经{n}周了，客户打了几次电话。",
        "今天给一个准确的到账日期。",
        "退款单缺一张签字，压在财务{n}天，没有人通知客户。",
        "补签后当天付款，并把回单发给客户。",
        "款已到账，客户确认收到。",
        "单据退回时没有告知经办人，财务要设退单登记。",
    ),
    Problem(
        (_OWN,),
        "yu_lu",
        "电话没有人回",
        "客户{day}报过一次{room}的小问题，说好当天回电，一直没有人联系。",
        "给个回话，把事情登记清楚。",
        "来电登记在个人本子上，没有进系统。",
        "当面致歉，问题已登记，由本部门跟到底。",
        "客户接受道歉，问题已经解决。",
        "来电没有当场登记，部门内部重申登记要求。",
    ),
    Problem(
        (_ENGINEERING,),
        "qi_jiang",
        "{room}油漆味很重",
        "入住{n}天，{room}还有刺鼻的味道，家里有小孩，客户怀疑材料不环保。",
        "请第三方检测，不合格就全部重做。",
        "材料批号与合同一致，房间通风不够，现场检测在限值以内。",
        "安排通风和治理，一周后免费复测，报告交给客户。",
        "复测合格，报告已交客户。",
        "交付前通风时间不足，交付清单要加通风天数。",
    ),
    Problem(
        (_ENGINEERING, _DESIGN, _SUPERVISION),
        "he_zhiyuan",
        "{room}橱柜装不进去",
        "柜子送到现场，比{room}的洞口宽了{n}公分，三家都说不是自己的问题。",
        "三天之内装好，不要再推来推去。",
        "墙面找平加厚后没有复尺，设计、施工、监理都没有核对。",
        "收口处改薄，柜体返厂改一组，由工程部牵头。",
        "柜子已装好，缝隙收口平整，客户签收。",
        "复尺责任不清，今后由监理主持三方复尺并签字。",
    ),
    Problem(
        (_ENGINEERING,),
        "tie_zhu",
        "工人把电梯和门碰坏了",
        "搬材料时碰坏了入户门和电梯轿厢，物业要求赔偿，工人走了没有人说明。",
        "马上修好门，和物业谈妥。",
        "监控显示{day}搬运时碰撞，门框有{n}处伤。",
        "更换门框饰面，与物业协商由我方修复电梯面板。",
        "门和电梯已修复，物业签字。",
        "材料搬运没有做成品保护，开工交底要写明。",
    ),
)

COMMENTS: Sequence[str] = (
    "已和客户通过电话，情绪比较平稳，按约定时间处理即可。",
    "客户这两天出差，尽量晚上联系。",
    "现场照片已经发到群里，请负责的同事看一下。",
    "材料今天下午到货，明天可以施工。",
    "请注意时限，客户说不想再打第二次电话。",
    "门锁密码在客户经理那里，上门前先要。",
    "这户和楼上是同一个问题，可以一起处理。",
    "已提醒工长，今天给答复。",
    "客户希望固定一个人联系，先由我来。",
    "合同里这一项写得清楚，可以直接按合同办。",
)
TRANSFER_REASONS = (
    "我今天在外地工地，请代为处理。",
    "这户一直是您在跟，转给您。",
    "下午开会来不及，请接一下。",
    "我明天起休假。",
)
SUSPEND_REASONS = (
    "客户出国，约定回来后再上门。",
    "等待物业开具证明。",
    "客户家中有事，要求下周再谈。",
    "等厂家出具检测报告。",
)
RESUME_REASONS = ("客户已回来，继续办理。", "材料已齐，继续办理。", "报告已收到。")
CANCEL_REASONS = ("客户来电撤诉，说已自行解决。", "重复登记，以前一个案件为准。", "客户搬离，联系确认不再追究。")
RESCHEDULE_REASONS = ("客户临时有事，改约时间。", "材料晚到一天，客户同意改期。", "下雨不能施工，已和客户说好。")
OPINIONS = ("可以，处理得比较快。", "基本满意，希望以后少出这样的问题。", "人很客气，问题解决了就好。", "还行。")
UNHAPPY = ("修了又坏，不满意。", "态度可以，但问题没有彻底解决。", "答应的时间又晚了一天。", "要求再来看一次。")
WORDS = ("已按要求办理。", "情况属实，已记录。", "按制度执行，材料齐全。", "已与各方沟通一致。")
