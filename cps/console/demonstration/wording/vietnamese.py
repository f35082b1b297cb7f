"""What people in the demo write in Vietnamese, in the words of the project's glossary."""

from cps.console.demonstration.wording.phrasebook import Phrasebook

VIETNAMESE = Phrasebook(
    reports={
        "pothole": (
            "Mặt đường có ổ gà sâu, xe máy đi qua rất dễ ngã.",
            "Đường bị sụt một đoạn dài khoảng {n} mét, xe phải lách sang làn bên.",
            "Nắp hố ga bị vỡ, hở một góc giữa lòng đường.",
            "Đào đường xong hoàn trả không phẳng, trời mưa đọng nước không thấy hố.",
            "Biển báo giao thông ở ngã tư bị nghiêng, che khuất tầm nhìn.",
            "Mặt đường bong tróc, đá dăm văng tung tóe khi xe chạy qua.",
        ),
        "street-light": (
            "Đèn đường tắt {n} đêm nay, cả đoạn phố tối om.",
            "Bóng đèn nhấp nháy liên tục, buổi tối rất khó chịu.",
            "Cả dãy {n} cột đèn không sáng, người già đi bộ buổi tối không an toàn.",
            "Đèn đường bật cả ban ngày, rất lãng phí điện.",
            "Cột đèn bị xe tông nghiêng, chụp đèn sắp rơi.",
        ),
        "garbage": (
            "Rác chưa được thu gom {n} ngày, mùi hôi bốc vào nhà dân.",
            "Thùng rác công cộng đầy tràn từ sáng hôm qua.",
            "Xe thu gom rác không vào ngõ, bà con phải mang ra tận đầu phố.",
            "Điểm tập kết rác để quá giờ, nước rác chảy ra lòng đường.",
            "Sau buổi chợ, rác để lại đầy hai bên đường.",
        ),
        "dumping": (
            "Có đống phế thải xây dựng đổ trộm ban đêm ở bãi đất trống.",
            "Ai đó vứt đệm và ghế hỏng ra vỉa hè đã {n} ngày.",
            "Rác thải sinh hoạt bị đổ xuống mương, ngày một nhiều.",
            "Có người đốt rác ngay cạnh khu dân cư vào buổi tối.",
        ),
        "drains": (
            "Mưa một lúc là ngập, nước sâu khoảng {n} phân, xe chết máy hàng loạt.",
            "Miệng cống bị rác bịt kín, nước không thoát được.",
            "Ngõ ngập từ đêm qua đến giờ nước chưa rút.",
            "Cống thoát nước tắc, cứ mưa là nước tràn vào nhà.",
            "Tấm đan rãnh thoát nước bị gãy, trẻ con dễ thụt chân.",
        ),
        "trees": (
            "Cành cây lớn gãy nằm chắn nửa đường.",
            "Cây bị nghiêng sau trận mưa, sợ đổ vào nhà dân.",
            "Cành cây chạm vào dây điện, gió to là tóe lửa.",
            "Ghế đá trong vườn hoa bị gãy, trẻ con hay chơi ở đó.",
            "Cây khô chết đã lâu mà chưa được chặt hạ.",
        ),
        "water": (
            "Khu vực này mất nước {n} ngày mà không có thông báo.",
            "Nước máy đục và có mùi lạ từ hôm qua.",
            "Đường ống nước bị vỡ, nước chảy tràn ra đường.",
            "Nước rất yếu vào buổi tối, tầng hai không lên được.",
        ),
        "sewage": (
            "Nước thải tràn lên mặt ngõ, mùi rất khó chịu.",
            "Cống bốc mùi hôi nồng nặc mỗi khi trời nắng.",
            "Hàng quán xả nước thải thẳng ra rãnh thoát nước mưa.",
            "Mương nước đen kịt, muỗi nhiều, cả xóm không dám mở cửa.",
        ),
        "noise": (
            "Loa kéo hát karaoke đến {n} giờ đêm, cả khu không ngủ được.",
            "Công trường đóng cọc lúc nửa đêm.",
            "Quán bia mở nhạc rất to vào các tối cuối tuần.",
            "Cửa hàng bật loa quảng cáo suốt cả ngày.",
        ),
        "parking": (
            "Ô tô đỗ chắn lối ra vào của ngõ từ sáng.",
            "Xe tải đỗ hai hàng giờ cao điểm, đường tắc kéo dài.",
            "Ô tô đỗ kín vỉa hè, người đi bộ phải xuống lòng đường.",
            "Bãi trông xe tự phát lấn hết nửa lòng đường.",
        ),
        "sidewalk": (
            "Quán ăn bày bàn ghế kín vỉa hè, người đi bộ không qua được.",
            "Biển quảng cáo đặt giữa vỉa hè, chắn lối đi.",
            "Vật liệu xây dựng để tràn ra vỉa hè đã {n} ngày.",
            "Mái che của cửa hàng lấn ra sát mép đường.",
        ),
        "animals": (
            "Đàn chó khoảng {n} con thả rông, không rọ mõm, đuổi theo trẻ em.",
            "Có con chó lạ bị bệnh nằm ở sân chung.",
            "Trâu bò thả rông trên đường, xe máy khó tránh.",
        ),
        "air": (
            "Khói đốt rơm rạ dày đặc buổi chiều, rất khó thở.",
            "Xe chở đất không che bạt, bụi bay mù mịt cả tuyến phố.",
            "Xưởng gỗ xả bụi và mùi sơn cả ngày.",
        ),
        "construction": (
            "Nhà đang xây vượt thêm tầng so với biển báo công trình.",
            "Công trình không có biển báo, xây lấn ra ngõ chung.",
            "Có người dựng nhà tạm trên đất công ven sông.",
        ),
        "wires": (
            "Dây cáp võng thấp ngang đầu người đi xe máy.",
            "Dây điện đứt rơi xuống vỉa hè, rất nguy hiểm.",
            "Tủ điện bị mở nắp, trẻ con có thể chạm vào.",
            "Bó cáp viễn thông cháy đen trên cột, còn mùi khét.",
        ),
        "public-transport": (
            "Xe buýt bỏ chuyến lúc {n} giờ sáng, khách chờ rất lâu.",
            "Nhà chờ xe buýt bị vỡ kính và không có ghế.",
            "Xe buýt không dừng đúng điểm, người già không lên kịp.",
        ),
        "staff-conduct": (
            "Tôi nộp hồ sơ đã {n} ngày mà không được trả lời.",
            "Bộ phận một cửa yêu cầu bổ sung giấy tờ nhiều lần.",
        ),
        "food-safety": (
            "Quán ăn để thịt sống cạnh đồ chín, không che đậy.",
            "Tôi mua phải hàng hết hạn ở cửa hàng này.",
            "Sau khi ăn ở quán, {n} người trong nhà tôi bị đau bụng.",
        ),
        "fire-safety": (
            "Lối thoát hiểm của chung cư bị chất đồ, không đi được.",
            "Bình chữa cháy ở hành lang đã hết hạn.",
            "Nhà trọ sạc {n} xe điện ngay cầu thang.",
        ),
        "other": (
            "Biển tên phố bị mờ, người lạ khó tìm đường.",
            "Đề nghị lắp thêm ghế nghỉ cho người già ở vườn hoa.",
            "Đồng hồ công cộng ở quảng trường chạy sai giờ.",
        ),
    },
    results={
        "pothole": ("Đã vá ổ gà và lu phẳng mặt đường.", "Đã thay nắp hố ga và hoàn trả mặt đường."),
        "street-light": (
            "Đã thay bóng đèn, đèn sáng lại từ tối nay.",
            "Đã sửa tủ điều khiển, cả dãy đèn đã sáng.",
        ),
        "garbage": (
            "Đã thu gom hết rác và rửa sạch điểm tập kết.",
            "Đã thu gom và điều chỉnh giờ xe vào ngõ.",
        ),
        "dumping": ("Đã dọn phế thải và lắp biển cấm đổ rác.", "Đã dọn sạch, phường sẽ tuần tra ban đêm."),
        "drains": ("Đã khơi thông miệng cống và nạo vét rãnh.", "Đã hút nước và thay tấm đan hỏng."),
        "trees": ("Đã cắt cành gãy và dọn sạch lối đi.", "Đã chống cây và cắt tỉa tán."),
        "water": ("Đã sửa ống vỡ, cấp nước trở lại bình thường.", "Đã súc xả đường ống, nước trong trở lại."),
        "sewage": ("Đã thông cống và vệ sinh mặt ngõ.", "Đã hút bùn, mùi hôi đã giảm."),
        "noise": (
            "Đã nhắc nhở, chủ quán cam kết tắt loa sau 22 giờ.",
            "Đã kiểm tra, công trường dừng thi công ban đêm.",
        ),
        "parking": ("Đã xử lý xe vi phạm và nhắc nhở chủ xe.", "Đã kẻ vạch cấm đỗ và tăng kiểm tra."),
        "sidewalk": (
            "Đã yêu cầu dọn bàn ghế, vỉa hè thông thoáng.",
            "Đã lập biên bản và thu biển quảng cáo.",
        ),
        "wires": ("Đã buộc gọn cáp và nâng cao dây.", "Đã thay dây đứt và đóng tủ điện."),
        "construction": ("Đã lập biên bản, công trình tạm dừng để làm rõ giấy phép.",),
        "animals": ("Đã bắt giữ và nhắc nhở chủ nuôi.",),
        "air": ("Đã kiểm tra và xử phạt, cơ sở cam kết che chắn.",),
    },
    any_result=(
        "Đã kiểm tra tại chỗ và khắc phục xong.",
        "Đã xử lý xong, đơn vị sẽ tiếp tục theo dõi.",
        "Đã làm việc với bên liên quan và khắc phục.",
    ),
    additions=(
        "Mong sớm được xử lý.",
        "Đề nghị đơn vị kiểm tra giúp.",
        "Buổi tối càng nguy hiểm.",
        "Gần đây có trường học.",
        "Bà con trong tổ dân phố rất lo.",
        "Tôi gửi kèm vị trí.",
        "Việc này đã kéo dài {n} tuần.",
        "Xin cảm ơn.",
    ),
    landmarks=(
        "đầu ngõ {n}",
        "trước số nhà {n}",
        "cạnh cổng trường tiểu học",
        "gần cột điện số {n}",
        "đối diện trạm y tế",
        "sau chợ",
        "cạnh nhà văn hóa tổ dân phố",
        "ngã ba đầu ngách {n}",
        "gần điểm chờ xe buýt",
        "trước cửa hàng thuốc",
        "chân cầu vượt",
        "cạnh sân bóng",
    ),
    to_office=(
        "Ngõ này do UBND phường, xã quản lý.",
        "Việc này thuộc thẩm quyền của UBND phường, xã tại chỗ.",
    ),
    to_city=(
        "Tuyến phố này do đơn vị của thành phố quản lý.",
        "Việc này cần máy móc và thẩm quyền của đơn vị thành phố.",
    ),
    returns=(
        "Tuyến này không thuộc đơn vị chúng tôi quản lý.",
        "Chúng tôi đã kiểm tra, việc này không thuộc nhiệm vụ của đơn vị.",
    ),
    inspections=("Chúng tôi đang cử người đến kiểm tra hiện trường.",),
    other_offices=("Chúng tôi đang chờ ý kiến của đơn vị điện lực.",),
    urgencies=("Nơi này có thể gây nguy hiểm cho người đi lại.",),
    questions=(
        "Ông/bà cho biết rõ hơn vị trí, ví dụ số nhà gần nhất?",
        "Việc này thường xảy ra vào giờ nào?",
        "Ông/bà có thể gửi thêm một mốc dễ nhận ra gần đó không?",
        "Hiện nay tình trạng này còn không?",
    ),
    answers=(
        "Ngay trước số nhà {n}.",
        "Thường từ {n} giờ tối.",
        "Vẫn còn, sáng nay tôi vừa đi qua.",
        "Cạnh cửa hàng tạp hóa, có biển màu xanh.",
    ),
    declines=(
        (
            "Vị trí nằm trong khuôn viên riêng của chung cư, thành phố không quản lý.",
            "liên hệ ban quản lý chung cư",
        ),
        (
            "Hai lần kiểm tra tại chỗ không thấy tình trạng như phản ánh.",
            "gửi phản ánh mới kèm ảnh nếu việc xảy ra lại",
        ),
        (
            "Đây là tranh chấp dân sự giữa hai hộ liền kề.",
            "đề nghị tổ hòa giải của phường, xã",
        ),
        (
            "Việc này đã có trong kế hoạch sửa chữa của quý sau.",
            "xem kế hoạch tại bảng tin UBND phường, xã",
        ),
    ),
    silences=(
        (
            "Không có thông tin bổ sung nên đơn vị không tìm được vị trí.",
            "gửi phản ánh mới kèm vị trí trên bản đồ",
        ),
    ),
    extensions=(
        "Phải đặt vật tư, tuần sau mới có.",
        "Cần rào đường để sửa chữa nên phải chờ cấp phép.",
        "Sau đợt mưa lớn, các đội phải xử lý trước những chỗ nguy hiểm.",
    ),
    withdrawals=("", "Hàng xóm đã tự sửa.", "Tôi gửi nhầm.", "Việc đã hết, xin rút phản ánh."),
    reopenings=(
        "Hôm nay tình trạng lại như cũ.",
        "Mới xử lý được một phần, chỗ bên cạnh vẫn còn.",
        "Tôi ra xem thì chưa thấy thay đổi.",
    ),
    afterthoughts=(
        "Tình trạng ngày càng nặng hơn.",
        "Từ hôm qua xe cộ phải đi vòng qua chỗ này.",
        "Sáng nay tôi đi qua vẫn chưa thấy thay đổi.",
    ),
    praises=(
        "Xử lý nhanh và gọn.",
        "Cảm ơn, mọi thứ đã ổn.",
        "Nhanh hơn tôi nghĩ.",
    ),
    grumbles=(
        "Chờ khá lâu.",
        "Mới làm được một nửa.",
        "Không ai báo cho tôi bước tiếp theo là gì.",
    ),
    notes=(
        "Đã gọi điện cho tổ dân phố, hẹn kiểm tra sáng mai.",
        "Đội hiện trường đã xem, cần thêm vật tư.",
        "Nhà thầu báo sẽ làm trong tuần.",
        "Có thể cùng nguyên nhân với vụ tuần trước ở phố bên.",
        "Đã xem tại chỗ, chụp ảnh lưu hồ sơ.",
    ),
    consultations=(
        "Nguyên nhân có nằm ở đường ống hoặc cáp của quý đơn vị không?",
        "Tới đây quý đơn vị có kế hoạch thi công tại chỗ này không?",
        "Theo hồ sơ, đất tại chỗ này do ai quản lý?",
        "Đề nghị xem tại chỗ và cho ý kiến xử lý.",
    ),
    contributions=(
        "Đã kiểm tra: không có công trình nào của chúng tôi ở đó.",
        "Thuộc chúng tôi, đội thi công sẽ đến trong tuần.",
        "Theo hồ sơ, đất do thành phố quản lý.",
        "Chưa có kế hoạch thi công trước mùa mưa.",
    ),
    delays=(
        "Bản vẽ nằm trong kho lưu trữ.",
        "Cán bộ kiểm tra đang ở công trình khác.",
    ),
)
