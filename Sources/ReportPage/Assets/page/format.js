// Numbers, sizes, times, in the forms of the language of the texts.
import { formats, texts } from "/assets/texts/en.js";

const numbers = new Intl.NumberFormat(formats);
const shortNumbers = new Intl.NumberFormat(formats, { maximumSignificantDigits: 3 });
const days = new Intl.DateTimeFormat(formats, { day: "numeric", month: "short", year: "numeric" });
const plainDays = new Intl.DateTimeFormat(formats, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const clock = new Intl.DateTimeFormat(formats, { hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat(formats, { dateStyle: "full", timeStyle: "long" });

/** 12345 as "12,345". */
export const count = (value) => numbers.format(value);

/** Bytes as "1.2 MB"; decimal, as file managers of today show them. */
export function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let value = bytes;
  let index = 0;
  while (value >= 999.5 && index < units.length - 1) {
    value /= 1000;
    index += 1;
  }
  const format = new Intl.NumberFormat(formats, {
    style: "unit", unit: units[index], unitDisplay: index === 0 ? "long" : "short", maximumSignificantDigits: index === 0 ? 4 : value < 100 ? 2 : 3,
  });
  return format.format(value);
}

/** Seconds as "45 s", "3 min", "2 h 10 min". */
export function duration(seconds) {
  if (seconds < 1) return texts.time.lessThanSecond;
  if (seconds < 90) return texts.time.seconds(Math.round(seconds));
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return texts.time.minutes(minutes);
  return texts.time.hours(Math.floor(minutes / 60), minutes % 60);
}

/** A number that is only about right, as "1,230". */
export const about = (value) => shortNumbers.format(value);

/** A calendar day (`yyyy-MM-dd…`) as "5 Jan 2026", the same in every time zone; null without one. */
export function day(text) {
  const date = text ? new Date(`${text.slice(0, 10)}T00:00:00Z`) : null;
  return date && !Number.isNaN(date.getTime()) ? plainDays.format(date) : text || null;
}

/** A moment in short: "today, 10:43", "yesterday, 23:10", "5 Jan 2026, 10:43". */
export function moment(text, now = new Date()) {
  const date = new Date(text);
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  const time = clock.format(date);
  if (date >= midnight) return texts.time.today(time);
  if (date >= yesterday) return texts.time.yesterday(time);
  return `${days.format(date)}, ${time}`;
}

/** A moment in full, with its zone. */
export const exactMoment = (text) => exact.format(new Date(text));
