namespace FirmwareSim.Baskets;

internal static partial class PriceList
{
    private const string Supermarket = """
        2000010 | Cam sành Vĩnh Long | kg | 42000 | KCT
        2000027 | Xoài cát Hòa Lộc | kg | 89000 | KCT
        2000034 | Chuối già hương | kg | 27500 | KCT
        2000041 | Thanh long ruột đỏ | kg | 38900 | KCT
        2000058 | Rau muống | kg | 19500 | KCT
        2000065 | Cà chua Đà Lạt | kg | 32900 | KCT
        2000072 | Khoai tây Đà Lạt | kg | 34500 | KCT
        2000089 | Thịt ba rọi heo | kg | 168000 | KCT
        2000096 | Thịt đùi bò | kg | 259000 | KCT
        2000102 | Ức gà phi lê | kg | 94900 | KCT
        2000119 | Cá diêu hồng | kg | 79000 | KCT
        2000126 | Tôm thẻ tươi | kg | 189000 | KCT
        2000133 | Trứng gà ta hộp 10 quả | hộp | 36500 | KCT
        2000140 | Gạo ST25 túi 5 kg | túi | 189000 | KCT
        8934563138165 | Mì Hảo Hảo tôm chua cay | gói | 4500 | 8
        8934563651138 | Phở bò Đệ Nhất | gói | 9800 | 8
        8936017360129 | Bún gạo khô Safoco | gói | 27900 | 8
        8936136162008 | Nước mắm Nam Ngư 750 ml | chai | 52900 | 8
        8935049510857 | Nước mắm Phú Quốc Hưng Thành 500 ml | chai | 78500 | 8
        8934804025551 | Hạt nêm Aji-ngon 400 g | gói | 39500 | 8
        8936036020281 | Nước tương Chin-su 250 ml | chai | 16900 | 8
        8936047301324 | Dầu ăn Tường An 1 lít | chai | 57900 | 8
        8936079120177 | Đường cát trắng Biên Hòa 1 kg | gói | 29500 | 5
        8936079120184 | Đường phèn 500 g | gói | 24900 | 5
        8934673583381 | Sữa tươi Vinamilk có đường 1 lít | hộp | 38500 | 8
        8934673101325 | Sữa đặc Ông Thọ đỏ | lon | 26900 | 8
        8934673573399 | Sữa chua Vinamilk nha đam | hộp | 7800 | 8
        8934822901332 | Bia Sài Gòn Special 330 ml | lon | 17500 | 10
        8934822101336 | Bia 333 thùng 24 lon | thùng | 289000 | 10
        8934822112332 | Bia Hà Nội 330 ml | lon | 12900 | 10
        8935001800019 | Rượu vang Đà Lạt 750 ml | chai | 155000 | 10
        8935001214014 | Thuốc lá Vinataba | gói | 29000 | 10
        8934588012228 | Nước suối Aquafina 500 ml | chai | 5900 | 8
        8936193070018 | Trà ô long Tea+ Plus 450 ml | chai | 11900 | 8
        8935006101135 | Nước tăng lực Number 1 | chai | 11500 | 8
        8934680025959 | Bánh Chocopie hộp 12 cái | hộp | 56900 | 8
        8934680026215 | Bánh quy Cosy Kinh Đô | gói | 31900 | 8
        8936036024005 | Bánh gạo One One vị ngọt | gói | 23500 | 8
        8935039570019 | Kẹo dừa Bến Tre | gói | 34000 | 8
        8938507849018 | Cà phê G7 3 trong 1 hộp 21 gói | hộp | 62900 | 8
        8934564600012 | Kem đánh răng P/S trà xanh | tuýp | 33500 | 8
        8934868101345 | Dầu gội Clear bạc hà 630 g | chai | 169000 | 8
        8934868012349 | Bột giặt Omo 3 kg | túi | 139000 | 8
        8934868072343 | Nước rửa chén Sunlight chanh 750 g | chai | 31500 | 8
        8935107201119 | Khăn giấy Pulppy hộp 180 tờ | hộp | 24900 | 8
        8936061530011 | Giấy vệ sinh Saigon lốc 10 cuộn | lốc | 79900 | 8
        8935244800012 | Vở kẻ ngang Hồng Hà 200 trang | quyển | 18500 | 8
        9786040000019 | Sách giáo khoa Toán 5 | quyển | 18500 | KCT
        8936117740010 | Pin Con Thỏ AA vỉ 4 viên | vỉ | 14900 | 8
        8935212800018 | Tương ớt Cholimex 270 g | chai | 13500 | 8
        """;

    private const string Café = """
        CF01 | Cà phê sữa đá | ly | 29000 | 8
        CF02 | Cà phê đen đá | ly | 25000 | 8
        CF03 | Bạc xỉu | ly | 32000 | 8
        CF04 | Cà phê trứng Hà Nội | tách | 45000 | 8
        CF05 | Cà phê muối Huế | ly | 39000 | 8
        CF06 | Cà phê cốt dừa | ly | 49000 | 8
        CF07 | Espresso | tách | 35000 | 8
        CF08 | Latte nóng | tách | 55000 | 8
        CF09 | Cappuccino | tách | 55000 | 8
        CF10 | Cold brew cam sả | ly | 52000 | 8
        CF11 | Trà đào cam sả | ly | 45000 | 8
        CF12 | Trà sen vàng | ly | 49000 | 8
        CF13 | Trà vải hoa hồng | ly | 45000 | 8
        CF14 | Trà sữa trân châu đường đen | ly | 52000 | 8
        CF15 | Trà tắc mật ong | ly | 32000 | 8
        CF16 | Trà gừng nóng | ấm | 38000 | 8
        CF17 | Matcha đá xay | ly | 62000 | 8
        CF18 | Sinh tố bơ | ly | 49000 | 8
        CF19 | Sinh tố xoài | ly | 45000 | 8
        CF20 | Nước ép dưa hấu | ly | 39000 | 8
        CF21 | Nước cam vắt | ly | 42000 | 8
        CF22 | Nước mía tắc | ly | 18000 | 8
        CF23 | Dừa tươi | trái | 35000 | 8
        CF24 | Sữa chua đánh đá | ly | 35000 | 8
        CF25 | Nước suối Lavie 350 ml | chai | 12000 | 8
        CF26 | Bia Tiger | lon | 32000 | 10
        CF27 | Bia Huda Huế | lon | 25000 | 10
        CF28 | Bánh mì thịt nướng | ổ | 35000 | 8
        CF29 | Bánh mì ốp la | phần | 39000 | 8
        CF30 | Bánh tiramisu | miếng | 49000 | 8
        CF31 | Bánh flan caramel | phần | 22000 | 8
        CF32 | Bánh sừng bò bơ | cái | 32000 | 8
        CF33 | Phở bò tái chín | tô | 65000 | 8
        CF34 | Bún bò Huế | tô | 62000 | 8
        CF35 | Mì Quảng gà | tô | 55000 | 8
        CF36 | Cơm tấm sườn bì chả | dĩa | 59000 | 8
        CF37 | Gỏi cuốn tôm thịt | phần | 48000 | 8
        CF38 | Khoai tây chiên | phần | 39000 | 8
        CF39 | Hướng dương rang | gói | 15000 | 8
        CF40 | Hạt cà phê Buôn Ma Thuột rang mộc | kg | 385000 | 8
        """;

    private const string Pharmacy = """
        DP001 | Paracetamol 500 mg vỉ 10 viên | vỉ | 8500 | 5
        DP002 | Panadol Extra hộp 180 viên | hộp | 255000 | 5
        DP003 | Efferalgan 500 mg sủi | viên | 4200 | 5
        DP004 | Hapacol 250 gói bột trẻ em | gói | 2600 | 5
        DP005 | Ibuprofen 400 mg | viên | 1500 | 5
        DP006 | Amoxicillin 500 mg | viên | 1800 | 5
        DP007 | Cefuroxim 500 mg | viên | 9500 | 5
        DP008 | Omeprazol 20 mg | viên | 1200 | 5
        DP009 | Gaviscon dạ dày | gói | 7200 | 5
        DP010 | Smecta tiêu chảy | gói | 4300 | 5
        DP011 | Oresol cam bù nước | gói | 2800 | 5
        DP012 | Berberin lọ 100 viên | lọ | 35000 | 5
        DP013 | Loratadin 10 mg | viên | 900 | 5
        DP014 | Telfast 180 mg | viên | 9800 | 5
        DP015 | Xi-rô ho Prospan 100 ml | chai | 79000 | 5
        DP016 | Thuốc ho Bảo Thanh | chai | 45000 | 8
        DP017 | Kẹo ngậm Strepsils chanh mật ong | vỉ | 24000 | 5
        DP018 | Siro ăn ngon Biolizin | hộp | 98000 | 8
        DP019 | Dầu gió xanh Con Ó 24 ml | chai | 125000 | 5
        DP020 | Cao dán Salonpas hộp 20 miếng | hộp | 32000 | 5
        DP021 | Cao sao vàng | hộp | 5500 | 5
        DP022 | Nước muối sinh lý 0,9 % 500 ml | chai | 9500 | 5
        DP023 | Cồn 70 độ 500 ml | chai | 22000 | 5
        DP024 | Povidine 10 % 90 ml | chai | 28500 | 5
        DP025 | Thuốc nhỏ mắt V.Rohto | lọ | 56000 | 5
        DP026 | Băng cá nhân Urgo hộp 100 miếng | hộp | 68000 | 5
        DP027 | Bông y tế Bạch Tuyết 100 g | gói | 21500 | 5
        DP028 | Gạc vô trùng Bảo Thạch | gói | 6800 | 5
        DP029 | Khẩu trang y tế 4 lớp hộp 50 cái | hộp | 35000 | 5
        DP030 | Nhiệt kế điện tử Omron | cái | 105000 | 5
        DP031 | Máy đo huyết áp Omron HEM-7120 | cái | 790000 | 5
        DP032 | Que thử đường huyết hộp 25 que | hộp | 285000 | 5
        DP033 | Que thử thai Quickstick | hộp | 18500 | 5
        DP034 | Vitamin C 500 mg lọ 100 viên | lọ | 42000 | 8
        DP035 | Viên sủi Berocca vị cam | tuýp | 89000 | 8
        DP036 | Dầu cá Omega 3 lọ 100 viên | lọ | 325000 | 8
        DP037 | Sữa Ensure Gold 850 g | lon | 795000 | 8
        DP038 | Tã quần Bobby cỡ L 54 miếng | gói | 265000 | 8
        DP039 | Kem chống nắng Anessa 60 ml | tuýp | 545000 | 8
        DP040 | Sữa rửa mặt Cetaphil 500 ml | chai | 379000 | 8
        DP041 | Nước súc miệng Listerine 750 ml | chai | 145000 | 8
        DP042 | Nấm linh chi thái lát | kg | 1250000 | KCT
        """;
}
