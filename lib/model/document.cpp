#include "model/document.hpp"

#include "model/escape.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

namespace vidi::model {
namespace {

namespace json = boost::json;

// Builds the values. Boost.JSON's own parser does the same but for one point: its floating-point
// numbers can differ from the text in the last bit, so that they would not come out again as they
// came in.
class handler
{
public:
    static constexpr std::size_t max_object_size = json::object::max_size();
    static constexpr std::size_t max_array_size = json::array::max_size();
    static constexpr std::size_t max_key_size = json::string::max_size();
    static constexpr std::size_t max_string_size = json::string::max_size();

    explicit handler(json::storage_ptr storage) { stack_.reset(std::move(storage)); }

    json::value release() { return stack_.release(); }

    // What the next empty string or key stands for.
    void substitute(std::string& text) { substitute_ = &text; }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return true; }
    bool on_object_end(std::size_t n, error_code&) { return stack_.push_object(n), true; }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t n, error_code&) { return stack_.push_array(n), true; }
    bool on_key_part(json::string_view s, std::size_t, error_code&)
    {
        return stack_.push_chars(s), true;
    }
    bool on_key(json::string_view s, std::size_t, error_code&)
    {
        return stack_.push_key(meaning_of(s)), true;
    }
    bool on_string_part(json::string_view s, std::size_t, error_code&)
    {
        return stack_.push_chars(s), true;
    }
    bool on_string(json::string_view s, std::size_t, error_code&)
    {
        return stack_.push_string(meaning_of(s)), true;
    }
    bool on_number_part(json::string_view, error_code&) { return true; }
    bool on_int64(std::int64_t i, json::string_view, error_code&)
    {
        return stack_.push_int64(i), true;
    }
    bool on_uint64(std::uint64_t u, json::string_view, error_code&)
    {
        return stack_.push_uint64(u), true;
    }
    bool on_double(double number, json::string_view text, error_code&)
    {
        // Left as it is where the text is out of range: zero or infinite.
        std::from_chars(text.data(), text.data() + text.size(), number);
        return stack_.push_double(number), true;
    }
    bool on_bool(bool b, error_code&) { return stack_.push_bool(b), true; }
    bool on_null(error_code&) { return stack_.push_null(), true; }
    bool on_comment_part(json::string_view, error_code&) { return true; }
    bool on_comment(json::string_view, error_code&) { return true; }

private:
    json::string_view meaning_of(json::string_view text)
    {
        return substitute_ ? json::string_view{*std::exchange(substitute_, nullptr)} : text;
    }

    unsigned char buffer_[2048];
    json::value_stack stack_{json::storage_ptr{}, buffer_, sizeof buffer_};
    std::string* substitute_ = nullptr;
};

using parser = json::basic_parser<handler>;

json::parse_options options()
{
    json::parse_options result;
    result.max_depth = document::max_depth;
    return result;
}

std::string reason_for(error_code ec)
{
    if (ec == json::error::too_deep)
        return "nested deeper than " + std::to_string(document::max_depth) + " levels";
    return ec.message();
}

// Reads all of `text`; returns where it ended.
std::size_t read_plainly(parser& reader, std::string_view text, error_code& ec)
{
    std::size_t const end = reader.write_some(false, text.data(), text.size(), ec);
    if (!ec && end < text.size())
        ec = json::error::extra_data;
    return end;
}

// Boost.JSON reads what follows the first escape of a string byte by byte, and the text of an
// answer is one long string with a few line breaks. So long strings are unescaped here; the parser
// gets an empty one in the place of each.
//
// False if that does not work out: either the text is no JSON, or it is not worth it.
class string_substitution
{
public:
    string_substitution(parser& reader, std::string_view text)
        : reader_{reader}, text_{text}, unescaped_{scratch()}
    {
    }

    ~string_substitution()
    {
        if (unescaped_.capacity() > most_kept)
            std::string{}.swap(unescaped_);
    }

    bool read()
    {
        for (std::size_t from = 0;;) {
            // The first backslash after a string: a quotation mark before it begins its string.
            auto const backslash = text_.find('\\', from);
            if (backslash == std::string_view::npos)
                break;
            auto const begin = text_.rfind('"', backslash);
            if (begin == std::string_view::npos || begin < from)
                return false;
            auto const length = unescape(text_.substr(begin + 1), unescaped_);
            if (!length)
                return false;
            from = begin + 1 + *length;
            if (*length >= worthwhile && !substitute(begin, from))
                return false;
        }
        error_code ec;
        read_plainly(reader_, text_.substr(read_), ec);
        return !ec;
    }

private:
    static constexpr std::size_t worthwhile = 128;
    static constexpr std::size_t most_kept = std::size_t{64} * 1024;

    // Memory that the thread keeps.
    static std::string& scratch()
    {
        thread_local std::string text;
        return text;
    }

    bool substitute(std::size_t begin, std::size_t end)
    {
        feed(text_.substr(read_, begin - read_));
        reader_.handler().substitute(unescaped_);
        feed("\"\"");
        read_ = end;
        return !failed_;
    }

    void feed(std::string_view part)
    {
        error_code ec;
        if (!part.empty() && !failed_)
            failed_ = reader_.write_some(true, part.data(), part.size(), ec) < part.size() || ec;
    }

    parser& reader_;
    std::string_view text_;
    std::string& unescaped_;
    std::size_t read_ = 0;
    bool failed_ = false;
};

} // namespace

json::value const* document::read(std::string_view text, syntax_error& error)
{
    {
        parser reader{options(), &resource_};
        if (string_substitution{reader, text}.read()) {
            root_ = reader.handler().release();
            return &root_;
        }
    }
    parser reader{options(), &resource_};
    error_code ec;
    std::size_t const end = read_plainly(reader, text, ec);
    if (ec) {
        error = {end, reason_for(ec)};
        return nullptr;
    }
    root_ = reader.handler().release();
    return &root_;
}

} // namespace vidi::model
