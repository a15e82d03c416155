// Makes elements and texts. Nothing in this page is ever parsed as HTML: all text goes through
// `textContent`.

const byId = (id) => document.getElementById(id);

const append = (parent, children) => {
    for (const child of children.flat(Infinity))
        if (child !== undefined && child !== null && child !== false)
            parent.append(child);
    return parent;
};

const setProperties = (element, properties) => {
    for (const [name, value] of Object.entries(properties))
        if (value !== undefined)
            element.setAttribute(name, value);
};

const make = (name, properties = {}, ...children) => {
    const element = document.createElement(name);
    setProperties(element, properties);
    return append(element, children);
};

const makeSvg = (name, properties = {}, ...children) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    setProperties(element, properties);
    return append(element, children);
};

const makeButton = (label, action, properties = {}) => {
    const button = make('button', {type: 'button', ...properties}, label);
    button.addEventListener('click', action);
    return button;
};

// Control characters as pictures of themselves, and every kind of line break as one.
const visible = (text) => text.replace(/[\u2028\u2029]|\r\n/g, '\n')
    .replace(/[\0-\x08\x0b-\x1f\x7f]/g, (c) =>
        c === '\x7f' ? '\u2421' : String.fromCharCode(0x2400 + c.charCodeAt(0)));

const escapeForPattern = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

// The text, with the words that were searched for in it marked.
const marked = (text, words) => {
    const shown = visible(text);
    if (words.length === 0)
        return [shown];
    const pattern = new RegExp(`(${words.map(escapeForPattern).join('|')})`, 'gi');
    return shown.split(pattern).map((part, number) => number % 2 ? make('mark', {}, part) : part);
};

const isolated = (text, words = []) => make('bdi', {dir: 'auto'}, marked(text, words));

// A link to a picture on the web, which is loaded when somebody asks for it; or the name of a file.
const imageName = (name, words = []) => {
    if (!/^https?:\/\//i.test(name) || !URL.canParse(name))
        return isolated(name, words);
    // The last part begins a new line if all does not fit on one.
    const last = name.lastIndexOf('/') + 1;
    return make('a', {href: name, target: '_blank', rel: 'noreferrer noopener'}, make('bdi', {dir: 'auto'},
        marked(name.slice(0, last), words), make('wbr'), marked(name.slice(last), words)));
};

const integerFormat = new Intl.NumberFormat('en-GB');
const integer = (value) => integerFormat.format(value);

const compactFormat = new Intl.NumberFormat('en-US', {notation: 'compact', maximumFractionDigits: 2});
const compact = (value) => value < 100000 ? integer(Math.round(value)) : compactFormat.format(value);

// With about three digits that tell something.
const rounded = (value) => new Intl.NumberFormat(
    'en-GB', {maximumSignificantDigits: value >= 1000 ? 21 : 3, maximumFractionDigits: 0,
        roundingPriority: 'morePrecision'}).format(value);

const percent = (part, all) => {
    if (all === 0)
        return '0 %';
    const value = 100 * part / all;
    // Never all or nothing unless it is.
    const places = value > 99.9 && part < all ? 3 : value < 0.1 && part > 0 ? 3 : 1;
    return `${value.toFixed(part === all || part === 0 ? 0 : places)} %`;
};

const plural = (count, one, many) => `${integer(count)} ${count === 1 ? one : many}`;

const durationText = (milliseconds) => {
    if (milliseconds < 1000)
        return `${Math.round(milliseconds)} ms`;
    const seconds = milliseconds / 1000;
    if (seconds < 60)
        return `${Number(seconds.toPrecision(3)) < 60 ? seconds.toPrecision(3) : 60} s`;
    const whole = Math.round(seconds);
    if (whole < 3600)
        return `${Math.floor(whole / 60)} min ${whole % 60} s`;
    if (whole < 86400)
        return `${Math.floor(whole / 3600)} h ${Math.floor(whole % 3600 / 60)} min`;
    return `${Math.floor(whole / 86400)} d ${Math.floor(whole % 86400 / 3600)} h`;
};

const timeFormat = new Intl.DateTimeFormat(
    'en-GB', {dateStyle: 'medium', timeStyle: 'medium'});
const timeText = (milliseconds) => timeFormat.format(new Date(milliseconds));

const costText = (cost, currency) => {
    const places = cost >= 100 ? 2 : cost >= 1 ? 3 : 6;
    const number = new Intl.NumberFormat(
        'en-GB', {minimumFractionDigits: 2, maximumFractionDigits: places}).format(cost);
    return currency ? `${number} ${currency}` : number;
};

const costOf = (price, input, output) => (input * price.input + output * price.output) / 1e6;

const endingName = (summary, ending) => {
    if (ending === Store.unfinished)
        return 'not done';
    return ending === Store.succeeded ? 'succeeded' : summary.endings[ending].kind;
};
