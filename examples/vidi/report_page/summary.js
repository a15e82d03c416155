// The overview: what became of all results together.

const figure = (label, value, note, swatch) => make('div', {},
    make('dt', {}, swatch && make('span', {class: `swatch ${swatch}`}), label),
    make('dd', {}, make('div', {class: 'value'}, value), note && make('div', {class: 'note'}, note)));

const runTime = ({over_time: {seconds, intervals}}) => {
    if (intervals.length === 0)
        return undefined;
    const begin = intervals[0][0] * seconds;
    const end = (intervals[intervals.length - 1][0] + 1) * seconds;
    return {begin: begin * 1000, end: end * 1000, busy: intervals.length * seconds * 1000};
};

const outcomeFigures = (summary) => {
    const {items, failed, endings} = summary;
    const succeeded = endings[Store.succeeded].count;
    const unfinished = endings[Store.unfinished].count;
    const doubles = items - summary.questions;
    return [
        figure('Items', integer(items), doubles > 0 && `${integer(doubles)} of them doubles, asked once`),
        figure('Succeeded', integer(succeeded), percent(succeeded, items), 'fill-good'),
        figure('Failed', integer(failed), percent(failed, items), 'fill-bad'),
        unfinished > 0 && figure('Not done', integer(unfinished), summary.in_flight > 0
            ? `${integer(summary.in_flight)} in flight` : percent(unfinished, items), 'fill-open'),
    ];
};

const latencyFigure = ({latency}) => latency.median !== null && figure(
    'Time to the answer, median', durationText(latency.median),
    `90 % within ${durationText(latency.p90)}, 99 % within ${durationText(latency.p99)}`);

const tokenFigures = (summary) => {
    const {input_tokens: input, output_tokens: output, price, currency} = summary;
    const tokens = (label, count) => count < 10000000 ? figure(label, integer(count))
        : figure(label, compact(count), integer(count));
    return [
        tokens('Input tokens', input),
        tokens('Output tokens', output),
        price && figure('Cost', costText(costOf(price, input, output), currency),
            `a million: ${price.input} in, ${price.output} out`),
    ];
};

const billingFigure = ({possibly_billed: sent, interrupted}) => sent + interrupted > 0 && figure(
    'May be billed without answer', integer(sent + interrupted),
    [sent > 0 && `${plural(sent, 'request', 'requests')} lost`,
        interrupted > 0 && `${integer(interrupted)} interrupted`].filter(Boolean).join(', '));

const showOutcomeBar = ({items, failed, endings}) => {
    const parts = [
        ['fill-good', endings[Store.succeeded].count, 'succeeded'], ['fill-bad', failed, 'failed'],
        ['fill-open', endings[Store.unfinished].count, 'not done']].filter(([, count]) => count > 0);
    const bar = byId('outcome-bar');
    bar.setAttribute('role', 'img');
    bar.setAttribute('aria-label',
        parts.map(([, count, name]) => `${percent(count, items)} ${name}`).join(', '));
    for (const [fill, count] of parts) {
        const part = make('span', {class: fill});
        part.style.flexGrow = String(count);
        part.style.flexBasis = '0';
        bar.append(part);
    }
};

const showNotices = (summary) => {
    const notices = [];
    const unfinished = summary.endings[Store.unfinished].count;
    if (unfinished > 0)
        notices.push(`The batch was not at its end when this page was made: ${
            plural(unfinished, 'item was', 'items were')} not done.`);
    if (summary.items > summary.questions)
        notices.push('A double is asked once, and its tokens count once above. It counts at each of its ' +
            'places among the requests, in the charts and in the list.');
    if (summary.thumbnails_left_out > 0)
        notices.push(`${plural(summary.thumbnails_left_out, 'picture has', 'pictures have')} no ` +
            'thumbnail, because the page would become too large.');
    if (notices.length > 0)
        byId('notices').append(make('ul', {class: 'notice'}, notices.map((text) => make('li', {}, text))));
};

const showSubtitle = (summary) => {
    const time = runTime(summary);
    const run = time && `${timeText(time.begin)} to ${timeText(time.end)}; `;
    byId('subtitle').textContent =
        `${run ?? ''}page made ${timeText(summary.made * 1000)} by vidi ${summary.version}`;
};

const showSettings = ({job}) => {
    if (job === null || job === '')
        return;
    const members = typeof job === 'object' && !Array.isArray(job) ? Object.entries(job) : [['Job', job]];
    append(byId('job'), members.map(([name, value]) => [
        make('dt', {}, isolated(name)),
        make('dd', {}, isolated(typeof value === 'string' ? value : JSON.stringify(value)))]));
    byId('settings').hidden = false;
};

const shareBar = (part) => makeSvg('svg', {class: 'share', width: '100%', height: 4, 'aria-hidden': 'true'},
    makeSvg('rect', {width: `${Math.max(1, 100 * part)}%`, height: 4, rx: 2}));

// The most frequent kind first; each leads to its results.
const showFailures = (summary, choose) => {
    const kinds = summary.endings.map((ending, number) => ({...ending, number}))
        .slice(Store.succeeded + 1).sort((a, b) => b.count - a.count);
    append(byId('failure-rows'), kinds.map(({kind, count, example, number}) => make('tr', {},
        make('td', {}, makeButton(isolated(kind), () => choose(`kind:${number}`), {class: 'plain'}),
            shareBar(count / summary.failed)),
        make('td', {class: 'number'}, `${integer(count)} (${percent(count, summary.failed)})`),
        make('td', {}, make('span', {class: 'clamped'}, isolated(example))))));
    byId('failures').hidden = kinds.length === 0;
};

const showSummary = (summary, choose) => {
    showSubtitle(summary);
    showOutcomeBar(summary);
    append(byId('figures'), [
        outcomeFigures(summary), latencyFigure(summary), tokenFigures(summary),
        figure('Requests sent', integer(summary.attempts),
            summary.items > 0 && `${rounded(summary.attempts / summary.items)} for each item`),
        billingFigure(summary)]);
    showNotices(summary);
    showFailures(summary, choose);
    showSettings(summary);
};
