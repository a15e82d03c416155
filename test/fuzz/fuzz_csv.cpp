// Whatever a CSV table holds: cut into pieces anywhere, it gives the same rows and ends alike.

#include "csv_rows.hpp"
#include "fuzz/fuzzing.hpp"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using vidi_fuzz::expect;

namespace {

struct table
{
    std::vector<vidi_tool::csv_rows::row> rows;
    std::string failure;

    bool operator==(table const&) const = default;
};

table read(std::string_view text, std::size_t piece)
{
    table result;
    vidi_tool::csv_rows parser;
    auto const take_all = [&] {
        while (auto row = parser.next())
            result.rows.push_back(*std::move(row));
    };
    try {
        while (!text.empty()) {
            parser.feed(text.substr(0, piece));
            text.remove_prefix(std::min(piece, text.size()));
            take_all();
        }
        parser.end();
        take_all();
    }
    catch (std::runtime_error const& error) {
        result.failure = error.what();
    }
    return result;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    vidi_fuzz::script script{data, size};
    std::size_t const piece = script.byte() + 1U;
    auto const text = script.take(size);
    auto const rows = read(text, piece);
    expect(rows == read(text, text.size() + 1));
    for (auto const& row : rows.rows)
        expect(!row.empty());
    return 0;
}
