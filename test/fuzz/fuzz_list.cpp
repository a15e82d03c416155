// Whatever a list of images holds: cut into pieces anywhere, it gives the same lines, and each line
// is an item, a complaint, or nothing.

#include "fuzz/fuzzing.hpp"
#include "input_line.hpp"
#include "line_splitter.hpp"

#include <string>
#include <variant>
#include <vector>

using vidi_fuzz::expect;
using vidi_tool::text_line;

namespace {

constexpr std::size_t longest_line = 200;

std::vector<text_line> lines_of(std::string_view text, std::size_t piece)
{
    std::vector<text_line> result;
    vidi_tool::line_splitter splitter{longest_line};
    text_line line;
    while (!text.empty()) {
        splitter.feed(text.substr(0, piece));
        text.remove_prefix(std::min(piece, text.size()));
        while (splitter.next(line))
            result.push_back(line);
    }
    if (splitter.last(line))
        result.push_back(line);
    return result;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    vidi_fuzz::script script{data, size};
    std::size_t const piece = script.byte() + 1U;
    auto const text = script.take(size);
    auto const lines = lines_of(text, piece);
    expect(lines == lines_of(text, text.size() + 1));
    std::uint64_t number = 0;
    for (auto const& line : lines) {
        expect(line.number == ++number);
        expect(line.text.size() <= longest_line && line.text.find('\n') == std::string::npos);
        auto const parsed = vidi_tool::parse_line(line.text);
        if (auto const* bad = std::get_if<vidi_tool::bad_line>(&parsed))
            expect(!bad->reason.empty());
        if (auto const* item = std::get_if<vidi_tool::list_item>(&parsed))
            expect(!item->image.empty());
    }
    return 0;
}
