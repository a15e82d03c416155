// Goes through all results in slices of time, between which the page can do other things.

const sliceMilliseconds = 12;

const nextTask = () => new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
        channel.port1.close();
        resolve();
    };
    channel.port2.postMessage(undefined);
});

const wordsOf = (query) => query.toLowerCase().split(/\s+/u).filter((word) => word !== '');

// All that is written about a result.
const searchedText = (result) => [
    result.image, result.id, result.text, result.status, result.failure?.kind,
    result.failure?.message, result.failure?.requestId, result.failure?.code,
].filter((text) => text).join('\n').toLowerCase();

const matches = (result, words) => {
    const text = searchedText(result);
    return words.every((word) => text.includes(word));
};

// Whether a result is among those that a choice such as `failed` or `kind:3` shows.
const isShown = (ending, show) => {
    if (show === 'failed')
        return ending > Store.succeeded;
    if (show === 'succeeded')
        return ending === Store.succeeded;
    if (show === 'unfinished')
        return ending === Store.unfinished;
    return show === 'all' || ending === Number(show.slice('kind:'.length));
};

const compareRows = (store, order) => {
    const {durations, tokens} = store;
    switch (order) {
    case 'slowest':
        return (a, b) => durations[b] - durations[a] || a - b;
    case 'quickest':
        // What was never sent took no time, and is not meant.
        return (a, b) => (durations[a] || Infinity) - (durations[b] || Infinity) || a - b;
    case 'tokens':
        return (a, b) => tokens[b] - tokens[a] || a - b;
    default:
        return undefined;
    }
};

const sortRows = (store, rows, order) => {
    const compare = compareRows(store, order);
    return compare ? rows.sort((a, b) => compare(a, b) || 0) : rows;
};

const chosenRows = (store, show) => {
    const rows = [];
    for (let row = 0; row < store.size; ++row)
        if (isShown(store.endings[row], show))
            rows.push(row);
    return rows;
};

// Calls `report(rows, part)` with the rows found so far, now and then, and in the end with all and
// the part 1. Stops when `signal` is aborted.
const search = async (store, {query, show, order}, signal, report) => {
    const rows = chosenRows(store, show);
    const words = wordsOf(query);
    if (words.length === 0) {
        report(sortRows(store, rows, order), 1);
        return;
    }
    const found = [];
    let sliceEnd = performance.now() + sliceMilliseconds;
    for (let at = 0; at < rows.length; ++at) {
        if (performance.now() >= sliceEnd) {
            report(found, at / rows.length);
            await nextTask();
            if (signal.aborted)
                return;
            sliceEnd = performance.now() + sliceMilliseconds;
        }
        if (matches(store.result(rows[at]), words))
            found.push(rows[at]);
    }
    report(sortRows(store, found, order), 1);
};
