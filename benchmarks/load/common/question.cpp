#include "question.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace load::question {

std::string const& text()
{
    static std::string const words =
        "请仔细观察这张图片，并用中文回答下面的问题。第一，图片里有哪些物体？请按从左到右的顺序列出"
        "，"
        "并说明每个物体的颜色、材质和大致尺寸。第二，图片里有没有文字或者数字？如果有，请逐字抄写，"
        "看不清的地方用问号代替。第三，照片大概是在什么地方、什么时间拍摄的？请说明你的依据，例如光"
        "线、"
        "阴影和周围的陈设。第四，如果图中有商品，请写出品牌、型号和可能的用途；不能确定的，请直接写"
        "不确定，"
        "不要猜测。最后，请用一句话概括整张图片的内容，不超过三十个字。";
    return words;
}

std::string const& picture()
{
    static std::string const url = "https://pictures.example.com/uploads/2025/11/24/"
                                   "0c3b7023f672732800690dd29dad188193b19186da03efc2c6.jpg";
    return url;
}

std::string body()
{
    boost::json::value const request = {
        {"model", model},
        {"input",
         {{{"role", "user"},
           {"content",
            {{{"type", "input_text"}, {"text", text()}},
             {{"type", "input_image"}, {"image_url", picture()}}}}}}}};
    return boost::json::serialize(request);
}

} // namespace load::question
