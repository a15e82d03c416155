#include "line_splitter.hpp"

namespace vidi_tool {

void line_splitter::feed(std::string_view piece)
{
    pieces_.erase(0, begin_);
    searched_ -= begin_;
    begin_ = 0;
    pieces_ += piece;
}

bool line_splitter::next(text_line& line)
{
    auto const end = pieces_.find('\n', searched_);
    if (end == std::string::npos) {
        searched_ = pieces_.size();
        if (pieces_.size() - begin_ > longest_line_)
            forget_long_line();
        return false;
    }
    take(line, end - begin_);
    begin_ = searched_ = end + 1;
    ++position_;
    return true;
}

bool line_splitter::last(text_line& line)
{
    auto const size = pieces_.size() - begin_;
    if (size == 0 && forgotten_ == 0)
        return false;
    take(line, size);
    begin_ = searched_ = pieces_.size();
    return true;
}

void line_splitter::take(text_line& line, std::size_t size)
{
    position_ += forgotten_ + size;
    line.number = ++number_;
    line.too_long = forgotten_ + size > longest_line_;
    line.text.clear();
    if (!line.too_long)
        line.text.assign(pieces_, begin_, size);
    if (number_ == 1 && line.text.starts_with("\xef\xbb\xbf"))
        line.text.erase(0, 3);
    if (line.text.ends_with('\r'))
        line.text.pop_back();
    forgotten_ = 0;
}

void line_splitter::forget_long_line()
{
    forgotten_ += pieces_.size() - begin_;
    pieces_.clear();
    begin_ = searched_ = 0;
}

} // namespace vidi_tool
