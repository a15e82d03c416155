#include "emulator/request_reading.hpp"

#include "emulator/rule.hpp"
#include "emulator/token_count.hpp"

#include <algorithm>

namespace vidi::emulation {
namespace {

namespace json = boost::json;

// What the service adds to each message for itself.
constexpr std::uint64_t tokens_per_item = 4;

std::string string_of(json::object const& object, std::string_view name, std::string_view otherwise)
{
    auto const value = find_set(object, name);
    return value && value->is_string() ? std::string(std::string_view(value->get_string()))
                                       : std::string(otherwise);
}

class reader
{
public:
    request_content take() && { return std::move(content_); }

    void add_instructions(json::value const& value)
    {
        if (value.is_string())
            content_.text_tokens += count_text_tokens(value.get_string()) + tokens_per_item;
        else
            add_items(value.get_array(), json_path{}.member("instructions"));
    }

    void add_input(json::value const& value)
    {
        if (value.is_string()) {
            content_.text_tokens += tokens_per_item;
            add_text(value.get_string(), true);
        }
        else
            add_items(value.get_array(), json_path{}.member("input"));
    }

private:
    void add_items(json::array const& items, json_path const& path)
    {
        for (std::size_t i = 0; i < items.size(); ++i)
            add_item(items[i].get_object(), path.element(i));
    }

    void add_item(json::object const& item, json_path const& path)
    {
        content_.text_tokens += tokens_per_item;
        bool const said_by_user = string_of(item, "role", "") == "user";
        // A message says its content, and a tool its output.
        for (auto const name : {"content", "output", "arguments"}) {
            auto const content = find_set(item, name);
            if (content && content->is_string())
                add_text(content->get_string(), said_by_user);
            else if (content && content->is_array())
                add_parts(content->get_array(), path.member(name), said_by_user);
        }
    }

    void add_parts(json::array const& parts, json_path const& path, bool said_by_user)
    {
        for (std::size_t i = 0; i < parts.size(); ++i) {
            auto const& part = parts[i].get_object();
            auto const type = string_of(part, "type", "");
            if (type == "input_image")
                content_.pictures.push_back(
                    {string_of(part, "image_url", ""), string_of(part, "file_id", ""),
                     string_of(part, "detail", "auto"), path.element(i).text()});
            else if (find_set(part, "file_id"))
                content_.file_paths.push_back(path.element(i).member("file_id").text());
            else
                add_text(string_of(part, "text", ""), said_by_user);
        }
    }

    void add_text(std::string_view text, bool said_by_user)
    {
        content_.text_tokens += count_text_tokens(text);
        if (!said_by_user || text.empty())
            return;
        if (!content_.prompt.empty())
            content_.prompt += ' ';
        content_.prompt += text;
    }

    request_content content_;
};

} // namespace

json::value const* find_set(json::object const& object, std::string_view name)
{
    auto const value = object.if_contains(name);
    return value && !value->is_null() ? value : nullptr;
}

request_content read_content(json::object const& request)
{
    reader reader;
    if (auto const instructions = find_set(request, "instructions"))
        reader.add_instructions(*instructions);
    reader.add_input(request.at("input"));
    auto content = std::move(reader).take();
    std::ranges::replace_if(
        content.prompt, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return content;
}

} // namespace vidi::emulation
