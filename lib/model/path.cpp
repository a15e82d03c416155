#include "model/path.hpp"

#include <utility>

namespace vidi::model {

void prepend_step(std::string& path, std::string_view name)
{
    std::string longer{name};
    if (!path.empty() && path.front() != '[')
        longer += '.';
    longer += path;
    path = std::move(longer);
}

void prepend_step(std::string& path, std::size_t position)
{
    std::string step = "[";
    step += std::to_string(position);
    step += ']';
    prepend_step(path, step);
}

} // namespace vidi::model
