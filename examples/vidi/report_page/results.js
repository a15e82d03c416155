// The list of results, a page at a time.

// A long name breaks between its words.
const badge = (summary, ending) => make('span', {
    class: `badge ${ending === Store.succeeded ? 'good' : ending === Store.unfinished ? '' : 'bad'}`},
    make('bdi', {}, visible(endingName(summary, ending)).split(/(?<=_)/).flatMap((part) =>
        [part, make('wbr')])));

const defaults = {query: '', show: 'all', order: 'list', page: 1, size: 50};

// The part of the address after # holds what is shown, so that a reload or a bookmark shows it too.
const readAddress = () => {
    const members = new URLSearchParams(location.hash.slice(1));
    const view = {...defaults};
    for (const name of Object.keys(defaults)) {
        const value = members.get(name);
        if (value !== null)
            view[name] = typeof defaults[name] === 'number' ? Math.max(1, Number(value) || 1) : value;
    }
    return view;
};

const writeAddress = (view) => {
    const members = new URLSearchParams(
        Object.entries(view).filter(([name, value]) => value !== defaults[name]));
    history.replaceState(null, '', `#${members}`);
};

const hasOption = (select, value) => Array.from(select.options).some((option) => option.value === value);

class Results {
    constructor(store) {
        this.store = store;
        this.found = [];
        this.controls = {query: byId('query'), show: byId('show'), order: byId('order'), size: byId('page-size')};
        this.detail = new Detail(store, {
            neighbour: (row, step) => this.found[this.found.indexOf(row) + step],
            closed: (row) => this.#showRow(row)});
        this.#makeChoices();
        this.#listen();
        this.pagers = Array.from(document.querySelectorAll('.pager'), (element) => new Pager(
            element, (page) => this.#goTo(page)));
        this.view = readAddress();
        this.#setControls();
        this.#search();
    }

    // Shows the results of a choice such as `failed`.
    choose(show) {
        this.view = {...this.view, query: '', show, page: 1};
        this.#setControls();
        this.#search();
        byId('results').scrollIntoView();
        byId('results').focus({preventScroll: true});
    }

    #makeChoices() {
        const {endings, items, failed} = this.store.summary;
        const option = (value, name, count) => make('option', {value}, `${name} (${integer(count)})`);
        const kinds = endings.map(({kind, count}, number) => ({kind, count, number}))
            .slice(Store.succeeded + 1).sort((a, b) => b.count - a.count);
        append(this.controls.show, [
            option('all', 'all', items),
            option('succeeded', 'succeeded', endings[Store.succeeded].count),
            option('failed', 'all failures', failed),
            endings[Store.unfinished].count > 0 &&
                option('unfinished', 'not done', endings[Store.unfinished].count),
            kinds.length > 0 && make('optgroup', {label: 'One kind of failure'},
                kinds.map(({kind, count, number}) => option(`kind:${number}`, visible(kind), count)))]);
    }

    #listen() {
        let typed;
        this.controls.query.addEventListener('input', () => {
            clearTimeout(typed);
            typed = setTimeout(() => this.#readControls(), 200);
        });
        for (const name of ['show', 'order', 'size'])
            this.controls[name].addEventListener('change', () => this.#readControls());
        byId('controls').addEventListener('submit', (event) => {
            event.preventDefault();
            this.#readControls();
        });
        byId('reset').addEventListener('click', () => this.choose('all'));
        window.addEventListener('hashchange', () => {
            // A link within the page is no choice of results.
            if (!location.hash.includes('=') && location.hash !== '')
                return;
            this.view = readAddress();
            this.#setControls();
            this.#search();
        });
    }

    #readControls() {
        const {query, show, order, size} = this.controls;
        this.view = {query: query.value, show: show.value, order: order.value, size: Number(size.value), page: 1};
        this.#search();
    }

    #setControls() {
        for (const name of ['show', 'order', 'size'])
            if (!hasOption(this.controls[name], String(this.view[name])))
                this.view[name] = defaults[name];
        for (const [name, control] of Object.entries(this.controls))
            control.value = String(this.view[name]);
    }

    #search() {
        this.running?.abort();
        this.running = new AbortController();
        this.words = wordsOf(this.view.query);
        // What is found first is shown at once, and not again before its page is full.
        this.shownEarly = 0;
        search(this.store, this.view, this.running.signal, (found, part) => this.#report(found, part));
    }

    #report(found, part) {
        const done = part === 1;
        this.found = found;
        const progress = byId('progress');
        progress.hidden = done;
        progress.value = part;
        byId('results').setAttribute('aria-busy', String(!done));
        // While a search goes on, its order is that of the list.
        const early = this.view.order === 'list' && this.view.page === 1 &&
            found.length > this.shownEarly && this.shownEarly < this.view.size;
        if (done || early) {
            this.shownEarly = found.length;
            this.#show();
        }
        this.#showStatus(done);
    }

    #showStatus(done) {
        const count = this.found.length;
        const all = this.store.size;
        const text = count === all ? plural(all, 'result', 'results')
            : `${integer(count)} of ${plural(all, 'result', 'results')}`;
        // A screen reader would read each number.
        if (done)
            byId('status').textContent = text;
        else if (!this.statusTimer)
            this.statusTimer = setTimeout(() => {
                this.statusTimer = undefined;
                if (!byId('progress').hidden)
                    byId('status').textContent = `Searching: ${integer(this.found.length)} found`;
            }, 500);
    }

    get pages() { return Math.max(1, Math.ceil(this.found.length / this.view.size)); }

    #goTo(page) {
        this.view.page = page;
        this.#show();
        byId('results').scrollIntoView();
    }

    #show() {
        this.view.page = Math.min(this.view.page, this.pages);
        writeAddress(this.view);
        const begin = (this.view.page - 1) * this.view.size;
        byId('rows').replaceChildren(...this.found.slice(begin, begin + this.view.size)
            .map((row) => this.#row(row)));
        byId('list').hidden = this.found.length === 0;
        byId('empty').hidden = this.found.length > 0 || !byId('progress').hidden;
        for (const pager of this.pagers)
            pager.show(this.view.page, this.pages);
    }

    // The row that the detail showed last has the focus when it is closed.
    #showRow(row) {
        const page = Math.floor(this.found.indexOf(row) / this.view.size) + 1;
        if (page > 0 && page !== this.view.page) {
            this.view.page = page;
            this.#show();
        }
        const button = document.querySelector(`#rows button[data-row="${row}"]`);
        button?.focus();
        button?.scrollIntoView({block: 'nearest'});
    }

    #row(row) {
        const result = this.store.result(row);
        const open = () => this.detail.open(row, this.words);
        const {position, usage, duration, completed} = result;
        return make('tr', {},
            make('td', {class: 'number'}, makeButton(integer(position), open, {
                class: 'plain open', 'data-row': row, 'aria-label': `Open result ${position}`})),
            make('td', {}, this.#image(result)),
            make('td', {}, this.#answer(result, open)),
            make('td', {}, badge(this.store.summary, result.ending)),
            make('td', {class: 'number'}, completed !== undefined && duration > 0 && durationText(duration)),
            make('td', {class: 'number'}, usage && integer(usage.input + usage.output)));
    }

    #image({row, image, id}) {
        const thumbnail = this.store.thumbnail(row);
        return make('div', {class: 'image-cell'},
            thumbnail && make('img', {src: thumbnail, alt: '', width: 64, height: 64}),
            make('div', {},
                make('div', {class: 'name'}, image ? imageName(image, this.words) : 'name not readable'),
                id !== null && make('div', {class: 'identifier'}, 'Id ', isolated(id, this.words))));
    }

    // For those who point; by the keyboard, the number opens the same.
    #answer({text, failure}, open) {
        const parts = make('div', {},
            failure && make('div', {class: 'clamped message'}, isolated(failure.message, this.words)),
            text && make('div', {class: 'clamped', dir: 'auto'}, marked(excerpt(text, this.words), this.words)));
        parts.addEventListener('click', () => {
            if (getSelection().isCollapsed)
                open();
        });
        return parts;
    }
}

const excerptLength = 320;

// The beginning of a text, or its part around the first word that was searched for, if that is
// further on.
const excerpt = (text, words) => {
    const lower = text.toLowerCase();
    const places = words.map((word) => lower.indexOf(word)).filter((place) => place >= 0);
    const first = Math.min(...places, text.length);
    // As much as a few narrow lines hold for certain.
    if (places.length === 0 || first < 60)
        return text.slice(0, excerptLength);
    return `… ${text.slice(Math.max(0, first - 20), first + excerptLength)}`;
};

// The buttons that lead from page to page.
class Pager {
    constructor(element, goTo) {
        this.element = element;
        this.first = makeButton('First', () => goTo(1));
        this.previous = makeButton('Previous', () => goTo(this.page - 1));
        this.next = makeButton('Next', () => goTo(this.page + 1));
        this.last = makeButton('Last', () => goTo(this.pages));
        this.input = make('input', {type: 'number', min: 1, inputmode: 'numeric'});
        this.all = make('span');
        this.input.addEventListener('change', () => {
            const page = Math.round(Number(this.input.value));
            goTo(Math.min(Math.max(page || 1, 1), this.pages));
        });
        append(element, [this.first, this.previous,
            make('label', {class: 'position'}, 'Page ', this.input, ' of ', this.all), this.next, this.last]);
    }

    show(page, pages) {
        this.page = page;
        this.pages = pages;
        this.element.hidden = pages === 1;
        this.input.value = String(page);
        this.input.max = String(pages);
        this.all.textContent = integer(pages);
        this.first.disabled = this.previous.disabled = page === 1;
        this.last.disabled = this.next.disabled = page === pages;
    }
}
