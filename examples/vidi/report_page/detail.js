// All that is known of one result, over the page.

const fact = (name, value) => value !== undefined && value !== null && value !== '' && value !== false &&
    [make('dt', {}, name), make('dd', {}, value)];

const tokenText = ({input, cached, output, reasoning}) => [
    `${integer(input)} input${cached > 0 ? ` (${integer(cached)} from the cache)` : ''}`,
    `${integer(output)} output${reasoning > 0 ? ` (${integer(reasoning)} reasoning)` : ''}`].join(', ');

class Detail {
    // neighbour(row, step): the row before or after in the list, or undefined.
    constructor(store, {neighbour, closed}) {
        this.store = store;
        this.neighbour = neighbour;
        this.dialog = byId('detail');
        byId('previous-result').addEventListener('click', () => this.#go(-1));
        byId('next-result').addEventListener('click', () => this.#go(1));
        byId('close-detail').addEventListener('click', () => this.dialog.close());
        this.dialog.addEventListener('close', () => closed(this.row));
        this.dialog.addEventListener('click', (event) => {
            // The dialog has no padding, so this is the backdrop.
            if (event.target === this.dialog)
                this.dialog.close();
        });
        this.dialog.addEventListener('keydown', (event) => {
            const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
            if (step !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey)
                this.#go(step);
        });
    }

    open(row, words) {
        this.words = words;
        this.#show(row);
        if (!this.dialog.open)
            this.dialog.showModal();
    }

    #go(step) {
        const row = this.neighbour(this.row, step);
        if (row !== undefined)
            this.#show(row);
    }

    #show(row) {
        this.row = row;
        const result = this.store.result(row);
        byId('detail-heading').textContent =
            `No. ${integer(result.position)}, ${endingName(this.store.summary, result.ending)}`;
        byId('previous-result').disabled = this.neighbour(row, -1) === undefined;
        byId('next-result').disabled = this.neighbour(row, 1) === undefined;
        const body = byId('detail-body');
        body.replaceChildren();
        body.scrollTop = 0;
        append(body, [this.#answer(result), this.#failure(result), this.#image(result), this.#facts(result)]);
    }

    #answer({text}) {
        return text && [make('h3', {}, 'Answer'),
            make('p', {class: 'answer', dir: 'auto'}, marked(text, this.words))];
    }

    #failure({failure}) {
        return failure && [make('h3', {}, 'Failure'), make('dl', {class: 'facts'},
            fact('Kind', isolated(failure.kind, this.words)),
            fact('Message', isolated(failure.message, this.words)),
            fact('HTTP status', failure.httpStatus > 0 && String(failure.httpStatus)),
            fact('Code of the API', failure.code && isolated(failure.code, this.words)),
            fact('Request of the server', failure.requestId && isolated(failure.requestId, this.words)))];
    }

    #image({row, image}) {
        if (!image)
            return [make('h3', {}, 'Image'), make('p', {class: 'muted'}, 'Its name could not be read.')];
        const thumbnail = this.store.thumbnail(row);
        const name = imageName(image, this.words);
        return [make('h3', {}, 'Image'), make('div', {}, name),
            thumbnail && make('img', {src: thumbnail, alt: ''}),
            name.localName === 'a' && this.store.summary.remote_pictures && this.#remotePicture(image)];
    }

    // Loaded now and not before, because the server of the picture learns of it.
    #remotePicture(url) {
        const button = makeButton('Load the picture', () => {
            const picture = make('img', {referrerpolicy: 'no-referrer', alt: 'The picture', src: url});
            picture.addEventListener('error', () => picture.replaceWith(
                make('p', {class: 'message'}, 'The picture could not be loaded.')));
            button.replaceWith(picture);
        });
        return button;
    }

    #facts({position, id, status, usage, duration, completed, attempts, possiblyBilled, interrupted}) {
        const {price, currency} = this.store.summary;
        return [make('h3', {}, 'Facts'), make('dl', {class: 'facts'},
            fact('Place in the list', integer(position)),
            fact('Id', id !== null && isolated(id, this.words)),
            fact('Status of the server', status && isolated(status, this.words)),
            completed !== undefined && [
                fact('Tokens', usage ? tokenText(usage) : 'none reported'),
                fact('Cost', price && usage && costText(costOf(price, usage.input, usage.output), currency)),
                fact('Time', durationText(duration)),
                fact('Done', timeText(completed)),
                fact('Requests sent', integer(attempts)),
                fact('May be billed without answer', possiblyBilled > 0 && integer(possiblyBilled)),
                fact('Interrupted', interrupted > 0 && integer(interrupted))])];
    }
}
