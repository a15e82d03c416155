#include "answer.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <stdexcept>

namespace load {

std::string output_text(std::string_view response)
{
    unsigned char memory[16 * 1024];
    boost::json::monotonic_resource resource{memory};
    auto const document = boost::json::parse(response, &resource);
    for (auto const& item : document.at("output").as_array()) {
        if (item.at("type").as_string() != "message")
            continue;
        for (auto const& part : item.at("content").as_array())
            if (part.at("type").as_string() == "output_text")
                return std::string{part.at("text").as_string()};
    }
    throw std::runtime_error{"a response without text"};
}

} // namespace load
