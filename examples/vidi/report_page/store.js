'use strict';

// The results, as the program wrote them: blocks of some hundreds of rows, which are parsed when
// they are needed, and for each block an index, which is parsed at once.

const parseBlock = (element) => JSON.parse(element.textContent);

const blockElements = (name) =>
    Array.from(document.querySelectorAll(`script[type="application/json"].${name}`));

// Most of the time goes into parsing, and a page of results seldom needs more than one block.
class BlockCache {
    constructor(elements, most) {
        this.elements = elements;
        this.most = most;
        this.parsed = new Map();
    }

    get(number) {
        const block = this.parsed.get(number) ?? parseBlock(this.elements[number]);
        this.parsed.delete(number);
        this.parsed.set(number, block);
        if (this.parsed.size > this.most)
            this.parsed.delete(this.parsed.keys().next().value);
        return block;
    }
}

class Store {
    static unfinished = 0;
    static succeeded = 1;

    constructor() {
        this.summary = parseBlock(blockElements('summary')[0]);
        this.size = this.summary.items;
        this.rows = new BlockCache(blockElements('rows'), 16);
        this.thumbnails = new BlockCache(blockElements('thumbnails'), 4);
        this.endings = new Uint16Array(this.size);
        this.durations = new Float64Array(this.size);
        this.tokens = new Float64Array(this.size);
        this.begins = [];
        this.#readIndex();
    }

    #readIndex() {
        let at = 0;
        for (const element of blockElements('index')) {
            const [endings, durations, tokens] = parseBlock(element);
            this.begins.push(at);
            this.endings.set(endings, at);
            this.durations.set(durations, at);
            this.tokens.set(tokens, at);
            at += endings.length;
        }
    }

    // Which block holds a row.
    blockOf(row) {
        let low = 0;
        let high = this.begins.length - 1;
        while (low < high) {
            const middle = (low + high + 1) >> 1;
            if (this.begins[middle] <= row)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    // The members of a row by name.
    result(row) {
        const block = this.blockOf(row);
        const [position, id, image, status, text, usage, failure, attempts, possiblyBilled,
            interrupted, duration, completed] = this.rows.get(block)[row - this.begins[block]];
        return {
            row, position, id, image, status, text, attempts, possiblyBilled, interrupted, duration,
            completed, ending: this.endings[row],
            usage: usage && {
                input: usage[0], cached: usage[1], output: usage[2], reasoning: usage[3]},
            failure: failure && {
                kind: failure[0], message: failure[1], httpStatus: failure[2],
                requestId: failure[3], code: failure[4]},
        };
    }

    thumbnail(row) {
        if (!this.summary.has_thumbnails)
            return undefined;
        const block = this.blockOf(row);
        return this.thumbnails.get(block)[row - this.begins[block]];
    }
}
