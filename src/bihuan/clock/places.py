"""What a zone's city is called in Chinese; a city that is not here keeps its own name."""

CHINESE = {
    "Asia/Shanghai": "上海", "Asia/Chongqing": "重庆", "Asia/Harbin": "哈尔滨", "Asia/Urumqi": "乌鲁木齐",
    "Asia/Kashgar": "喀什", "Asia/Hong_Kong": "香港", "Asia/Macau": "澳门", "Asia/Taipei": "台北",
    "Asia/Singapore": "新加坡", "Asia/Kuala_Lumpur": "吉隆坡", "Asia/Tokyo": "东京", "Asia/Seoul": "首尔",
    "Asia/Bangkok": "曼谷", "Asia/Ho_Chi_Minh": "胡志明市", "Asia/Jakarta": "雅加达", "Asia/Manila": "马尼拉",
    "Asia/Kolkata": "加尔各答", "Asia/Kathmandu": "加德满都", "Asia/Dubai": "迪拜", "Asia/Riyadh": "利雅得",
    "Asia/Tehran": "德黑兰", "Asia/Almaty": "阿拉木图", "Europe/Berlin": "柏林", "Europe/London": "伦敦",
    "Europe/Paris": "巴黎", "Europe/Madrid": "马德里", "Europe/Rome": "罗马", "Europe/Amsterdam": "阿姆斯特丹",
    "Europe/Brussels": "布鲁塞尔", "Europe/Zurich": "苏黎世", "Europe/Vienna": "维也纳", "Europe/Warsaw": "华沙",
    "Europe/Prague": "布拉格", "Europe/Budapest": "布达佩斯", "Europe/Stockholm": "斯德哥尔摩",
    "Europe/Istanbul": "伊斯坦布尔", "Europe/Moscow": "莫斯科", "Africa/Cairo": "开罗", "Africa/Lagos": "拉各斯",
    "Africa/Nairobi": "内罗毕", "Africa/Johannesburg": "约翰内斯堡", "America/New_York": "纽约",
    "America/Chicago": "芝加哥", "America/Denver": "丹佛", "America/Los_Angeles": "洛杉矶",
    "America/Toronto": "多伦多", "America/Vancouver": "温哥华", "America/Mexico_City": "墨西哥城",
    "America/Sao_Paulo": "圣保罗", "America/Argentina/Buenos_Aires": "布宜诺斯艾利斯", "America/Santiago": "圣地亚哥",
    "Australia/Sydney": "悉尼", "Australia/Melbourne": "墨尔本", "Australia/Perth": "珀斯",
    "Pacific/Auckland": "奥克兰", "UTC": "UTC",
}  # fmt: skip
