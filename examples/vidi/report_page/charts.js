// Bars over an axis, as SVG that is drawn anew for each width, so that its text keeps its size.
// All positions on the horizontal axis are parts of its length, from 0 to 1.

const chartHeight = 190;
const margin = {left: 46, right: 12, top: 18, bottom: 24};

// The smallest of 1, 2 and 5 times a power of ten that is not below.
const niceStep = (value) => {
    const power = 10 ** Math.floor(Math.log10(value));
    return power * [1, 2, 5, 10].find((factor) => factor * power >= value * 0.999999);
};

const valueTicks = (most) => {
    const step = niceStep(most / 4);
    const ticks = [];
    for (let number = 0; number * step <= most * 1.000001; ++number)
        ticks.push(number * step);
    return ticks;
};

const sum = (values) => values.reduce((a, b) => a + b, 0);

class Chart {
    // settings: title, key [[fill, name]], bars [{begin, end, values}], format(value),
    // ticks(width) [{at, text}], pauses [at], marks [{at, text}], curve (whether the values are a
    // line and not bars), describe(bar number), columns [name], cells(bar number)
    constructor(settings) {
        this.settings = settings;
        this.most = Math.max(...settings.bars.map((bar) => sum(bar.values))) || 1;
        this.svg = makeSvg('svg', {role: 'img', tabindex: 0,
            'aria-label': `${settings.title}. The arrow keys go from bar to bar.`});
        this.readout = make('p', {class: 'readout', 'aria-live': 'polite'});
        this.element = make('figure', {class: 'chart'},
            make('figcaption', {}, make('h3', {}, settings.title), this.#key()),
            this.readout, this.svg, this.#table());
        this.#listen();
    }

    #key() {
        return make('span', {class: 'key'}, this.settings.key.map(([fill, name]) => make('span', {},
            make('span', {class: `swatch ${fill}`}), name)));
    }

    // Made when somebody opens it: it can have hundreds of rows.
    #table() {
        const {columns, cells, bars, title} = this.settings;
        const details = make('details', {}, make('summary', {}, 'As a table'));
        details.addEventListener('toggle', () => {
            const rows = bars.map((_, number) => make('tr', {}, cells(number).map((cell) =>
                make('td', {class: 'number'}, cell))));
            const head = make('tr', {}, columns.map((name) =>
                make('th', {scope: 'col', class: 'number'}, name)));
            details.append(make('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': title},
                make('table', {class: 'figures-table'}, make('thead', {}, head),
                    make('tbody', {}, rows))));
        }, {once: true});
        return details;
    }

    #listen() {
        new ResizeObserver(() => this.draw()).observe(this.svg);
        this.svg.addEventListener('pointermove', (event) => {
            const box = this.svg.getBoundingClientRect();
            this.#point(this.#barAt((event.clientX - box.left - margin.left) / this.width));
        });
        for (const name of ['pointerleave', 'blur'])
            this.svg.addEventListener(name, () => this.#point(undefined));
        this.svg.addEventListener('keydown', (event) => this.#press(event));
    }

    #press(event) {
        const last = this.settings.bars.length - 1;
        const at = this.pointed ?? -1;
        const next = {ArrowRight: Math.min(at + 1, last), ArrowLeft: Math.max(at - 1, 0),
            Home: 0, End: last}[event.key];
        if (next === undefined)
            return;
        event.preventDefault();
        this.#point(next);
    }

    #barAt(position) {
        const number = this.settings.bars.findIndex((bar) =>
            position >= bar.begin && position < bar.end);
        return number < 0 ? undefined : number;
    }

    #point(number) {
        if (number === this.pointed)
            return;
        this.pointed = number;
        this.readout.textContent = number === undefined ? '' : this.settings.describe(number);
        this.pointer?.remove();
        if (number === undefined)
            return;
        const bar = this.settings.bars[number];
        this.pointer = makeSvg('rect', {class: 'pointed', x: this.#x(bar.begin), y: margin.top,
            width: Math.max(2, (bar.end - bar.begin) * this.width), height: this.height});
        this.svg.append(this.pointer);
    }

    #x(position) { return margin.left + position * this.width; }

    #y(value) { return margin.top + this.height * (1 - value / this.most); }

    draw() {
        const width = this.svg.clientWidth;
        if (width === 0 || width === this.drawnWidth)
            return;
        this.drawnWidth = width;
        this.width = width - margin.left - margin.right;
        this.height = chartHeight - margin.top - margin.bottom;
        this.pointed = undefined;
        this.svg.replaceChildren();
        append(this.svg, [this.#valueAxis(), this.#pauses(),
            this.settings.curve ? this.#curve() : this.#bars(), this.#marks(), this.#axis()]);
    }

    #valueAxis() {
        return valueTicks(this.most).map((value) => [
            makeSvg('line', {class: 'grid', x1: margin.left, x2: margin.left + this.width,
                y1: this.#y(value), y2: this.#y(value)}),
            makeSvg('text', {x: margin.left - 6, y: this.#y(value) + 4, 'text-anchor': 'end'},
                this.settings.format(value))]);
    }

    #bars() {
        const fills = this.settings.key.map(([fill]) => fill);
        // One path for each fill: hundreds of bars would be slow as elements of their own.
        const paths = fills.map(() => '');
        for (const bar of this.settings.bars) {
            const width = (bar.end - bar.begin) * this.width;
            const gap = width > 5 ? 1 : 0;
            let below = 0;
            bar.values.forEach((value, part) => {
                if (value > 0)
                    paths[part] += `M${this.#x(bar.begin)} ${this.#y(below)}V${
                        this.#y(below + value)}h${Math.max(1, width - gap)}V${this.#y(below)}Z`;
                below += value;
            });
        }
        return paths.map((path, part) => makeSvg('path', {class: fills[part], d: path}));
    }

    #curve() {
        const {bars} = this.settings;
        const points = [`${this.#x(bars[0].begin)} ${this.#y(0)}`,
            ...bars.map((bar) => `${this.#x(bar.end)} ${this.#y(bar.values[0])}`)];
        const line = `M${points.join('L')}`;
        return [
            makeSvg('path', {class: 'area', d: `${line}V${this.#y(0)}Z`}),
            makeSvg('path', {class: 'curve', d: line})];
    }

    #pauses() {
        return (this.settings.pauses ?? []).map((at) => makeSvg('line', {class: 'pause',
            x1: this.#x(at), x2: this.#x(at), y1: margin.top, y2: margin.top + this.height}));
    }

    // What would cover the mark before it is left out.
    #marks() {
        let free = -Infinity;
        return (this.settings.marks ?? []).map(({at, text}) => {
            const x = this.#x(at);
            const line = makeSvg('line', {class: 'pause', x1: x, x2: x, y1: margin.top - 4,
                y2: margin.top + this.height});
            if (x < free)
                return line;
            free = x + 50;
            return [line, makeSvg('text', {x, y: margin.top - 7, 'text-anchor': 'middle'}, text)];
        });
    }

    #axis() {
        const y = margin.top + this.height + 17;
        let free = -Infinity;
        return this.settings.ticks(this.width).map(({at, text}) => {
            const half = text.length * 3.4;
            const x = Math.min(this.#x(at), margin.left + this.width + margin.right - half);
            if (x - half < free)
                return undefined;
            free = x + half + 10;
            return [
                makeSvg('line', {class: 'grid', x1: this.#x(at), x2: this.#x(at),
                    y1: margin.top + this.height, y2: margin.top + this.height + 4}),
                makeSvg('text', {x, y, 'text-anchor': 'middle'}, text)];
        });
    }
}

// The axis of durations, on which each bar is as wide as the others.
const durationAxis = (bars) => {
    const place = (milliseconds) => {
        const number = bars.findIndex(([, end]) => milliseconds < end);
        if (number < 0 || milliseconds < bars[0][0])
            return undefined;
        const [begin, end] = bars[number];
        return (number + (milliseconds - begin) / (end - begin)) / bars.length;
    };
    const steps = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 6e4, 12e4, 3e5, 6e5,
        12e5, 36e5, 72e5, 144e5, 864e5];
    const ticks = () => steps.map((value) => ({at: place(value), text: shortDuration(value)}))
        .filter(({at}) => at !== undefined);
    return {place, ticks};
};

const shortDuration = (milliseconds) => {
    const [unit, size] = [['h', 36e5], ['min', 6e4], ['s', 1e3]].find(([, size]) =>
        milliseconds >= size) ?? ['ms', 1];
    return `${milliseconds / size} ${unit}`;
};

const latencyChart = ({latency}) => {
    const {bars} = latency;
    const axis = durationAxis(bars);
    const all = sum(bars.map(([, , count]) => count));
    const range = ([begin, end]) => `${durationText(begin)} to ${durationText(end)}`;
    return new Chart({
        title: 'Time to the answer',
        key: [['fill-output', 'succeeded items']],
        bars: bars.map(([, , count], number) => ({
            begin: number / bars.length, end: (number + 1) / bars.length, values: [count]})),
        format: compact,
        ticks: axis.ticks,
        marks: [['median', latency.median], ['90 %', latency.p90], ['99 %', latency.p99]]
            .map(([text, value]) => ({at: axis.place(value), text}))
            .filter(({at}) => at !== undefined),
        describe: (number) => `${range(bars[number])}: ${integer(bars[number][2])} (${
            percent(bars[number][2], all)})`,
        columns: ['Time', 'Items', 'Part'],
        cells: (number) => [range(bars[number]), integer(bars[number][2]), percent(bars[number][2], all)],
    });
};

const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200,
    86400, 172800, 604800, 2592000, 31536000];

const dayFormat = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short'});
const clockFormat = new Intl.DateTimeFormat(
    'en-GB', {hour: '2-digit', minute: '2-digit', second: '2-digit'});

const tickText = (second, step) => {
    const date = new Date(second * 1000);
    if (step >= 86400)
        return dayFormat.format(date);
    const clock = clockFormat.format(date);
    return step >= 60 ? clock.slice(0, 5) : clock;
};

// The axis of a time series, on which long pauses are short.
class TimeAxis {
    constructor({seconds, intervals}) {
        this.seconds = seconds;
        this.numbers = intervals.map(([number]) => number);
        this.longestGap = Math.max(10, 0.25 * intervals.length);
        this.pauseWidth = Math.ceil(0.03 * intervals.length);
        this.#layOut();
    }

    #layOut() {
        this.slots = [];
        this.pauseSlots = [];
        let slot = 0;
        this.numbers.forEach((number, at) => {
            const gap = at === 0 ? 0 : number - this.numbers[at - 1] - 1;
            if (gap > this.longestGap) {
                this.pauseSlots.push(slot + this.pauseWidth / 2);
                slot += this.pauseWidth;
            }
            else {
                slot += gap;
            }
            this.slots.push(slot);
            slot += 1;
        });
        this.all = slot;
    }

    bar(at) { return {begin: this.slots[at] / this.all, end: (this.slots[at] + 1) / this.all}; }

    get pauses() { return this.pauseSlots.map((slot) => slot / this.all); }

    ticks(width) {
        const wanted = Math.max(2, Math.floor(width / 95));
        const step = timeSteps.find((size) => size * wanted >= this.all * this.seconds) ??
            timeSteps[timeSteps.length - 1];
        return this.numbers.flatMap((number, at) => {
            const begin = number * this.seconds;
            // Whole hours and days are those of the reader's clock.
            const shift = new Date(begin * 1000).getTimezoneOffset() * 60;
            const round = Math.ceil((begin - shift) / step) * step + shift;
            const tick = this.#isStart(at) ? begin : round;
            return tick >= begin + this.seconds ? [] : [{
                at: (this.slots[at] + (tick - begin) / this.seconds) / this.all,
                text: tickText(tick, Math.min(step, tick === round ? step : this.seconds))}];
        });
    }

    // Whether it is the first, or the first after a pause.
    #isStart(at) {
        return at === 0 || this.slots[at] - this.slots[at - 1] !== this.numbers[at] - this.numbers[at - 1];
    }

    describe(at) {
        const begin = this.numbers[at] * this.seconds * 1000;
        return `${timeText(begin)}, ${durationText(this.seconds * 1000)}`;
    }
}

// Per second if that is at least one, else per minute or hour.
const rateUnit = (mostPerSecond) =>
    [['second', 1], ['minute', 60], ['hour', 3600]].find(([, size]) => mostPerSecond * size >= 1) ??
    ['hour', 3600];

const rateChart = (summary, axis, {title, key, names, pick}) => {
    const {seconds, intervals} = summary.over_time;
    const values = intervals.map(pick);
    const [unit, size] = rateUnit(Math.max(...values.map(sum)) / seconds);
    return new Chart({
        title: `${title} per ${unit}`,
        key,
        bars: values.map((parts, at) => ({
            ...axis.bar(at), values: parts.map((value) => value * size / seconds)})),
        format: (value) => compact(value) === '0' && value > 0 ? rounded(value) : compact(value),
        ticks: (width) => axis.ticks(width),
        pauses: axis.pauses,
        describe: (at) => `${axis.describe(at)}: ${
            names.map((name, part) => `${integer(values[at][part])} ${name}`).join(', ')}`,
        columns: ['From', ...names],
        cells: (at) => [timeText(intervals[at][0] * seconds * 1000), ...values[at].map(integer)],
    });
};

const throughputChart = (summary, axis) => rateChart(summary, axis, {
    title: 'Items done',
    key: [['fill-good', 'succeeded'], ['fill-bad', 'failed']],
    names: ['succeeded', 'failed'],
    pick: ([, succeeded, failed]) => [succeeded, failed],
});

const tokenChart = (summary, axis) => rateChart(summary, axis, {
    title: 'Tokens',
    key: [['fill-input', 'input'], ['fill-output', 'output']],
    names: ['input', 'output'],
    pick: ([, , , input, output]) => [input, output],
});

const costChart = ({over_time: {seconds, intervals}, price, currency}, axis) => {
    let cost = 0;
    const costs = intervals.map(([, , , input, output]) => cost += costOf(price, input, output));
    return new Chart({
        title: 'Cost so far',
        key: [['fill-output', currency || 'in the currency of the prices']],
        bars: costs.map((value, at) => ({...axis.bar(at), values: [value]})),
        curve: true,
        format: rounded,
        ticks: (width) => axis.ticks(width),
        pauses: axis.pauses,
        describe: (at) => `${axis.describe(at)}: ${costText(costs[at], currency)} so far`,
        columns: ['From', 'Cost so far'],
        cells: (at) => [timeText(intervals[at][0] * seconds * 1000), costText(costs[at], currency)],
    });
};

const showCharts = (summary) => {
    const charts = [];
    if (summary.latency.bars.length > 0)
        charts.push(latencyChart(summary));
    const {intervals} = summary.over_time;
    if (intervals.length > 0) {
        const axis = new TimeAxis(summary.over_time);
        charts.push(throughputChart(summary, axis));
        if (intervals.some(([, , , input, output]) => input + output > 0)) {
            charts.push(tokenChart(summary, axis));
            if (summary.price)
                charts.push(costChart(summary, axis));
        }
    }
    byId('charts').hidden = charts.length === 0;
    byId('chart-list').dataset.charts = String(charts.length);
    append(byId('chart-list'), charts.map((chart) => chart.element));
};
