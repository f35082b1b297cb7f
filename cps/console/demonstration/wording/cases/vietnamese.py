"""The cases of a demo in Vietnamese."""

from cps.complaints.templates import Use
from cps.console.demonstration.wording.cases.casebook import Casebook, Kind, Set, Template

VIETNAMESE = Casebook(
    kinds={
        "garbage": Kind(
            pair=(
                "Rác chất đống trước cổng trường từ hôm qua chưa ai thu gom.",
                "Trước cổng trường có đống rác từ hôm qua, mùi rất nặng, chưa thu gom.",
            ),
            crowd=(
                "Xe chở rác vừa làm đổ rác ra giữa ngã tư.",
                "Ngã tư đầy rác rơi từ xe chở rác, xe máy trượt bánh.",
                "Rác đổ tràn giữa ngã tư, đề nghị cho người dọn ngay.",
            ),
            merged=(
                "Thùng rác sau chợ ba ngày nay chưa đổ.",
                "Ba ngày rồi thùng rác sau chợ đầy tràn, ruồi nhặng bay khắp nơi.",
                "Rác vứt đầy trên bậc lên cầu đi bộ.",
            ),
            again=(
                "Tuần này xe thu gom rác không vào ngõ nhà tôi.",
                "Tuần này xe rác lại không vào ngõ nhà tôi.",
                "Xe rác lại bỏ qua ngõ nhà tôi, đây là lần thứ ba tôi phản ánh.",
            ),
            sore=(
                "Góc chợ có đống rác lớn.",
                "Góc chợ lại chất đầy rác.",
                "Rác ở góc chợ dọn xong vài hôm lại đầy.",
                "Đống rác ở góc chợ lại như tháng trước.",
            ),
            danger="Đống rác sau khu tập thể đang cháy, khói bay vào nhà dân.",
            harmless="Rác để ngay dưới bảng nội quy phòng cháy của khu tập thể, chưa được thu gom.",
            rude="Gọi năm lần rồi không ai đến. Đồ ngu nào xếp lịch thu gom thì ra đây mà ngửi.",
        ),
    },
    spam=Set(
        "Vay tiền nhanh không cần giấy tờ, một giờ có tiền, nhắn tin ngay hôm nay.",
        "Quảng cáo cho vay, không nêu việc gì và ở đâu.",
    ),
    private=Set(
        "Nhà hàng xóm tầng một nợ tiền tôi mãi không trả, tối nào cũng nhậu. Viết lên đây cho mọi người biết.",
        "Chuyện riêng của một gia đình, thành phố không có việc gì để làm.",
    ),
    doubted=Set(
        "Có con cá sấu chết nằm cạnh thùng rác, đề nghị cho người đến lấy.",
        "Nghe như đùa, đề nghị xem lại có thật không.",
    ),
    test=Set("thử thử 123", "Có người bấm thử biểu mẫu."),
    refusal=(
        "Nội dung không nêu việc gì mà thành phố có thể xử lý.",
        "gửi phản ánh mới, ghi rõ việc gì và ở đâu",
    ),
    repeated=(
        "Xe quét đường chạy từ bốn rưỡi sáng làm cả tòa nhà thức giấc. "
        "Đề nghị cho xe quét đường lớn trước, sau sáu giờ hãy vào khu chúng tôi."
    ),
    flag="Xúc phạm cán bộ xếp lịch thu gom.",
    milder="Các anh chị không bao giờ làm gì, chắc phải có người nhà ở đây thì mới làm.",
    unflag="Người viết bức xúc nhưng không xúc phạm ai, bỏ đánh dấu.",
    visit="Sáng hôm đó đội thu gom sẽ đến. Đề nghị để trống lối vào.",
    works="Công việc làm trong hai ngày, đường vẫn đi lại được.",
    decision="Địa điểm thuộc phạm vi của đơn vị; đơn vị kia cho mượn phương tiện.",
    reveals=("Hỏi rõ vị trí.", "Hẹn giờ cho đội vào làm."),
    cause="Chỗ này khuất, chưa phân công ai trông coi.",
    measure="Đã lắp camera và cho người kiểm tra ngày hai lần.",
    templates=(
        Template(
            Use.RESOLUTION,
            "Đã xử lý tại chỗ",
            {"result": "Đội đã đến và xử lý xong. Cảm ơn ông/bà đã gửi phản ánh {number}."},
        ),
        Template(
            Use.REFUSAL,
            "Không thấy tại chỗ",
            {
                "reason": "Chúng tôi đã đến hai lần nhưng không thấy tình trạng như phản ánh.",
                "remedy": "gửi phản ánh mới kèm ảnh nếu việc xảy ra lại",
            },
        ),
        Template(
            Use.QUESTION,
            "Hỏi rõ vị trí",
            {"question": "Ông/bà cho biết rõ hơn vị trí, ví dụ số nhà hoặc cửa hàng gần nhất?"},
        ),
    ),
    unassigned="Chưa có cán bộ xử lý",
    overdue="Quá hạn toàn thành phố",
    missed="Đã qua ngày hẹn làm",
)
