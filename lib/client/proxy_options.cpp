#include <vidi/proxy.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace vidi {

proxy_options proxy_options::from_url(std::string_view url)
{
    proxy_options result;
    if (url.find("://") == std::string_view::npos)
        result.url = "http://";
    result.url += url;
    auto const parsed = boost::urls::parse_uri(result.url);
    if (!parsed || !parsed->has_userinfo())
        return result;
    result.user = parsed->user();
    result.password = std::string{parsed->password()};
    auto const user = parsed->encoded_userinfo();
    auto const begin = static_cast<std::size_t>(user.data() - result.url.data());
    result.url.erase(begin, user.size() + 1); // and the @
    return result;
}

} // namespace vidi
