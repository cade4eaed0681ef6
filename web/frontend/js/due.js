// Counts the minutes of what is due between two answers of the server.
//
// <span data-due="2026-11-19T15:40:00+08:00">还剩 1 小时 20 分</span>: the text is replaced. Only for deadlines in clock time;
// one that counts working hours carries no data-due, the browser has no calendar. <html data-now="…"> is the server's
// instant when it rendered, so that a desk whose clock is wrong still tells the right time. When a deadline passes,
// the nearest [data-due-state] becomes "late".
const MINUTE = 60_000;
const WORDS = {
  zh: { left: "还剩 ", late: "已超 ", now: "不到 1 分钟", just: "刚刚超时", day: " 天", hour: " 小时", minute: " 分" },
  en: {
    left: "", late: "", now: "less than a minute", just: "just overdue", day: " d", hour: " h", minute: " min",
    leftEnd: " left", lateEnd: " late",
  },
};

const served = Date.parse(document.documentElement.dataset.now ?? "");
const ahead = Number.isNaN(served) ? 0 : served - Date.now();

/** Say how long until (positive) or since (negative) a deadline: two units at most, minutes dropped from one day on. */
export function timeLeft(milliseconds, language) {
  const words = WORDS[language] ?? WORDS.zh;
  const minutes = Math.floor(Math.abs(milliseconds) / MINUTE);
  if (minutes === 0) return milliseconds < 0 ? words.just : words.now;
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const parts = [[days, words.day], [hours, words.hour], [days ? 0 : minutes % 60, words.minute]];
  const amount = parts.filter(([count]) => count).map(([count, unit]) => count + unit).join(" ");
  return milliseconds < 0 ? words.late + amount + (words.lateEnd ?? "") : words.left + amount + (words.leftEnd ?? "");
}

function count() {
  const now = Date.now() + ahead;
  const language = document.documentElement.lang.slice(0, 2);
  for (const element of document.querySelectorAll("[data-due]")) {
    const left = Date.parse(element.dataset.due) - now;
    const text = timeLeft(left, language);
    if (element.textContent !== text) element.textContent = text;
    const place = element.closest("[data-due-state]");
    if (left < 0 && place) place.dataset.dueState = "late";
  }
}

setInterval(count, MINUTE / 4);
document.addEventListener("visibilitychange", count);
