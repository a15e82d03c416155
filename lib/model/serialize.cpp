#include <vidi/json.hpp>
#include <vidi/request.hpp>
#include <vidi/response.hpp>

#include "model/encoder.hpp"

namespace vidi {

void serialize(request const& value, std::string& out)
{
    model::encoder{out, model::purpose::sending}.write(value);
}

std::string serialize(request const& value)
{
    std::string out;
    serialize(value, out);
    return out;
}

std::string serialize(response const& value)
{
    std::string out;
    model::encoder{out, model::purpose::keeping}.write(value);
    return out;
}

} // namespace vidi
