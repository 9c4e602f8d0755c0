"""The syllables, places and trades that the synthetic names are made of; nothing here names a real enterprise."""

from typing import NamedTuple


class Place(NamedTuple):
    code: str
    province: str
    city: str
    district: str


PLACES = tuple(
    Place(*line.split())
    for line in """340102 安徽省 合肥市 瑶海区
340103 安徽省 合肥市 庐阳区
340104 安徽省 合肥市 蜀山区
340111 安徽省 合肥市 包河区
340121 安徽省 合肥市 长丰县
340122 安徽省 合肥市 肥东县
340123 安徽省 合肥市 肥西县
340181 安徽省 合肥市 巢湖市
340202 安徽省 芜湖市 镜湖区
340302 安徽省 蚌埠市 龙子湖区
330604 浙江省 绍兴市 上虞区
320102 江苏省 南京市 玄武区""".splitlines()
)
HEFEI, ANHUI, ALL = tuple(range(8)), tuple(range(10)), tuple(range(12))
# What a name begins with, and the places (by index) its bearers stand in.
PREFIXES: tuple[tuple[str, tuple[int, ...]], ...] = (
    *((place.city + place.district, (number,)) for number, place in enumerate(PLACES)),
    ("合肥", HEFEI), ("合肥市", HEFEI), ("安徽", ANHUI), ("安徽省", ANHUI), ("芜湖", (8,)), ("蚌埠", (9,)), ("浙江", (10,)), ("江苏", (11,)),
)  # fmt: skip
PROVINCE_PREFIX = 14  # 安徽: the prefix that homonyms share, their places being different

FIRST = "云瑞禾青霖泽岚屿澄晟昱钧铭峻嘉芮芷蔚沐涵溪汀渚岭麓峰崧柏枫桐榆梓栎荟茂苒蓝碧翠墨砚筑垚坤域恺忻悦怡恬佑祺禧祥颂韵律音弦"
SECOND = "川河洲湾潭渡桥津港桦林森木果实穗稻谷豆粟田园圃野原陌陇坡丘岗石玉珏琮璟珂琪瑜瑾璇玑星辰宇宙昊穹霄虹霓云霞曦晖晴朗明亮"
THIRD = "恒恩恪"  # siblings differ in this character alone
FORMERLY = "昔"  # stands in former names only
SHARED = "双"  # stands in names that two enterprises bear
TRADES = tuple(
    "商贸 贸易 建材 建设工程 建筑装饰 园林绿化 市政工程 机电设备 自动化科技 信息科技 网络科技 软件 电子科技 新能源科技 环保科技 检测技术 "
    "工程咨询 工程设计 测绘 物业管理 物流 货物运输 供应链管理 仓储 食品 餐饮管理 粮油 饮品 医疗器械 医药 生物科技 健康管理 服饰 纺织 家居 家具 "
    "包装材料 塑业 五金制品 机械制造 模具 汽车服务 文化传媒 广告 教育咨询 人力资源 酒店管理 生态农业".split()
)
FARMING = tuple("水稻种植 蔬菜种植 果树种植 生猪养殖 家禽养殖 水产养殖 茶叶种植 中药材种植 苗木种植 农机服务".split())
SHOPS = tuple("小吃店 便利店 蔬果店 五金店 理发店 服装店 早点铺 烟酒店 文具店 水产摊 粮油店 花店".split())
INSTITUTIONS = tuple("服务中心 研究所 监测站 培训中心".split())
ROADS = tuple("长江路 望湖路 金寨路 徽州大道 东流路 科学大道 创新大道 锦绣大道 繁华大道 铜陵路 临泉路 明珠大道".split())
INDUSTRIES = tuple("批发业 零售业 房屋建筑业 软件和信息技术服务业 商务服务业 农业 专业技术服务业 道路运输业 餐饮业 通用设备制造业 食品制造业 科技推广和应用服务业".split())
COMPANY_TYPES = tuple(
    "有限责任公司(自然人投资或控股) 有限责任公司(自然人独资) 有限责任公司(非自然人投资或控股的法人独资) 其他有限责任公司 有限责任公司（自然人投资或控股）".split()
)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛超霞平刚桂英华玲辉建国志文斌鹏飞宁博雅慧俊峰佳颖"
