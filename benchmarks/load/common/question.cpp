#include "question.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <fstream>
#include <iterator>

namespace load {
namespace {

std::string string_at(boost::json::value const& document, char const* pointer)
{
    return std::string{document.at_pointer(pointer).as_string()};
}

} // namespace

question question::read(std::string const& file)
{
    std::ifstream in{file, std::ios::binary};
    auto const document = boost::json::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
    return {
        .model = string_at(document, "/model"),
        .text = string_at(document, "/input/0/content/0/text"),
        .picture = string_at(document, "/input/0/content/1/image_url")};
}

std::string question::body() const
{
    boost::json::value const request = {
        {"model", model},
        {"input",
         {{{"role", "user"},
           {"content",
            {{{"type", "input_text"}, {"text", text}},
             {{"type", "input_image"}, {"image_url", picture}}}}}}}};
    return boost::json::serialize(request);
}

} // namespace load
